-- Whom the board asks for something is found in the index, without reading the rows of the others.
drop index standing_by_rank;
create index standing_by_rank on standing (brand, rank, since, batch, owes);
