-- Whom the board asks for something is found in the index, without reading the rows of the others.
drop index standing_by_rank;
create index standing_by_rank on standing (brand, rank, since, batch, owes);

-- A book is filled one kind after the other. Measured before the first unit was packed, these columns told the
-- planner that there are no such links, and it read all of that kind for each unit of a shipment. Unmeasured they
-- tell it nothing, and it takes the whole key. (Giving a column the type that it has forgets what was measured;
-- no row is written.)
alter table link alter column kind type bigint, alter column kind set statistics 0;
alter table refer alter column field type text, alter column field set statistics 0;
alter table subject alter column kind type bigint, alter column kind set statistics 0;
