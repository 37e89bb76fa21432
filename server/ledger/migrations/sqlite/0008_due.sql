-- Batches whose goods were moved since their standing was written: theirs is written anew in a moment. Written
-- with the entries that moved them, so that none is forgotten.
create table standing_due (
    brand integer not null,
    batch integer not null,
    primary key (brand, batch)
) strict, without rowid;

insert into sqlite_stat1 (tbl, idx, stat) values
    ('standing_due', 'standing_due', '1000 1000 1');
analyze sqlite_schema;
