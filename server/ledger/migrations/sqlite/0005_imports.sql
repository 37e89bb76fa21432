-- Imports, kept beside the book: what was handed in and seen, and which entries came of it, so that a whole
-- import can be taken back by correcting them. `preview` and `outcome` are JSON.
create table import_run (
    brand integer not null references brand (id),
    id text not null,
    person text not null,
    name text not null,
    role text not null,
    place text not null,
    file_name text not null,
    digest text not null,
    zone text not null,
    state text not null,
    tables text not null,
    begun integer not null,
    touched integer not null,
    size_before integer,
    rows integer not null,
    written integer not null,
    already integer not null,
    refused integer not null,
    undone_by text,
    preview text not null,
    outcome text not null,
    primary key (brand, id)
) strict;
create index import_run_by_time on import_run (brand, begun);

-- `undone` is the entry that took it back with the import.
create table import_entry (
    brand integer not null,
    run text not null,
    seq integer not null,
    undone integer,
    primary key (brand, run, seq)
) strict;
create index import_entry_by_seq on import_entry (brand, seq);

-- What was confirmed for the columns of a place's tables, by the headers they have.
create table column_mapping (
    brand integer not null references brand (id),
    place text not null,
    table_name text not null,
    signature text not null,
    mapping text not null,
    learned_by text not null,
    learned_at integer not null,
    primary key (brand, place, table_name, signature)
) strict;
