-- Whom the board asks for something is found in the index, without reading the rows of the others.
drop index standing_by_rank;
create index standing_by_rank on standing (brand, rank, since, batch, owes);

insert into sqlite_stat1 (tbl, idx, stat) values
    ('standing', 'standing_by_rank', '1000000 1000000 200000 2 1 1');
analyze sqlite_schema;
