-- How complete each batch is on record, kept by the writer in the same transaction as what changes it, so
-- that a board over all batches is one look at an index. Everything in it can be computed anew.
--
-- rank: 0 what is missing keeps a shipment back; 1 it is packed and in no shipment; 2 it is not packed yet;
-- 3 it has left already; 9 nothing is missing. owes: a bit a role, in the order of words.rs.
create table standing (
    brand integer not null,
    batch integer not null,
    -- Trade item and factory, as its trace plan is kept under; with the first day: the batch made before it.
    made_as text not null,
    produced_from text not null,
    complete integer not null,
    asked integer not null,
    rank integer not null,
    -- Since when the oldest of what is missing is missing; milliseconds.
    since integer not null,
    owes integer not null,
    -- The last day on which its records have to be kept, where it has been shipped.
    kept_until text,
    states text not null,
    primary key (brand, batch)
) strict, without rowid;
create index standing_by_rank on standing (brand, rank, since, batch);
create index standing_by_run on standing (brand, made_as, produced_from, batch);
create index standing_by_kept on standing (brand, kept_until, batch);

-- By which rules the standing of a brand's batches was computed; another number and it is computed anew.
create table standing_rules (
    brand integer primary key,
    rules integer not null
) strict;

-- Sealed names, readable to who sealed them; the ledger has the commitment only.
create table seal (
    brand integer not null,
    commitment text not null,
    likeness text not null,
    salt text not null,
    name text not null,
    owner text not null,
    owner_role text not null,
    sealed_at integer not null,
    primary key (brand, commitment)
) strict, without rowid;
-- The key of the likenesses of a brand: without it nobody can try names.
create table seal_key (
    brand integer primary key,
    key text not null
) strict;

insert into sqlite_stat1 (tbl, idx, stat) values
    ('standing', 'standing', '1000000 1000000 1'),
    ('standing', 'standing_by_rank', '1000000 1000000 200000 2 1'),
    ('standing', 'standing_by_run', '1000000 1000000 200 1 1'),
    ('standing', 'standing_by_kept', '1000000 1000000 400 1'),
    ('seal', 'seal', '10000 10000 1');
analyze sqlite_schema;
