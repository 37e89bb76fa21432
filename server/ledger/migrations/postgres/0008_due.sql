-- Batches whose goods were moved since their standing was written: theirs is written anew in a moment. Written
-- with the entries that moved them, so that none is forgotten.
create table standing_due (
    brand bigint not null,
    batch bigint not null,
    primary key (brand, batch)
);
