-- The book and what is kept from it. Same tables, columns and meanings as in ../postgres.
--
-- Every row belongs to a brand. Below `entry`, rows are intervals of entry sequence numbers: `since` is
-- the entry that opened it, `until` the one that closed it, null while it is open, and minus the
-- correcting entry's number where a correction took it back: then it has never been so.

create table brand (
    id integer primary key,
    slug text not null unique,
    name text not null,
    -- PRIVATE+KEY+name+id+base64: signs this brand's checkpoints. Lives and is backed up with the book.
    signing_key text not null
) strict;

-- An entry as written. `bytes` are what is hashed; the other columns repeat what is in them, for reading.
create table entry (
    brand integer not null references brand (id),
    seq integer not null,
    -- The draft's UUID, 16 bytes.
    id blob not null,
    kind text not null,
    event_time integer not null,
    zone integer not null,
    record_time integer not null,
    evidence text not null,
    -- Ids of the subjects it touched, comma between, the one it was about first.
    subjects text not null,
    bytes blob not null,
    hash blob not null,
    unique (brand, seq),
    unique (brand, id)
) strict;

create trigger entry_is_never_updated before update on entry begin
    select raise(abort, 'an entry is never updated; record a correction');
end;
create trigger entry_is_never_deleted before delete on entry begin
    select raise(abort, 'an entry is never deleted; record a correction');
end;
-- `insert or replace` deletes without asking the trigger above.
create trigger entry_is_never_replaced before insert on entry
    when exists (select 1 from entry where brand = new.brand and (seq = new.seq or id = new.id)) begin
    select raise(abort, 'an entry is never replaced; record a correction');
end;

-- Where the book of a brand ends: its size, the edge of its tree (32 bytes a hash, the largest subtree
-- first) and the next subject's id. Writers take turns on this row.
create table log_head (
    brand integer primary key references brand (id),
    size integer not null,
    frontier blob not null,
    next_subject integer not null
) strict;

-- Complete nodes of the tree at levels 4, 8, 12 …; those between are hashed from at most 15 of them, and
-- level 0 is `entry.hash`. About 3 bytes an entry.
create table log_node (
    brand integer not null,
    level integer not null,
    node integer not null,
    hash blob not null,
    primary key (brand, level, node)
) strict, without rowid;

create table checkpoint (
    brand integer not null references brand (id),
    size integer not null,
    note text not null,
    record_time integer not null,
    primary key (brand, size)
) strict;

create trigger checkpoint_is_never_updated before update on checkpoint begin
    select raise(abort, 'a checkpoint is never updated');
end;
create trigger checkpoint_is_never_deleted before delete on checkpoint begin
    select raise(abort, 'a checkpoint is never deleted');
end;

create table correction (
    brand integer not null,
    seq integer not null,
    corrected_by integer not null,
    primary key (brand, seq)
) strict, without rowid;

-- The dictionary: every other table speaks of subjects by id.
create table subject (
    brand integer not null,
    id integer not null,
    kind integer not null,
    key text not null,
    primary key (brand, id)
) strict, without rowid;
create unique index subject_by_key on subject (brand, kind, key);

create table name (
    brand integer not null,
    key text not null,
    subject integer not null,
    since integer not null,
    level integer not null,
    until integer,
    primary key (brand, key, subject, since)
) strict, without rowid;
create index name_by_subject on name (brand, subject);

-- kind 1: unit in container; 2: batch in container, `amount` pieces, null where the share is not known;
-- 3: child made from parent, `amount` thousandths of `unit`; 4: subject at place.
create table link (
    brand integer not null,
    kind integer not null,
    child integer not null,
    parent integer not null,
    since integer not null,
    until integer,
    amount integer,
    unit integer,
    primary key (brand, kind, child, parent, since)
) strict, without rowid;
create index link_by_parent on link (brand, kind, parent, child);

create table mark (
    brand integer not null,
    subject integer not null,
    aspect integer not null,
    since integer not null,
    until integer,
    disposition text not null,
    primary key (brand, subject, aspect, since)
) strict, without rowid;

create table counted (
    brand integer not null,
    subject integer not null,
    since integer not null,
    until integer,
    amount integer not null,
    unit integer not null,
    primary key (brand, subject, since)
) strict, without rowid;

create table fact (
    brand integer not null,
    subject integer not null,
    record text not null,
    since integer not null,
    until integer,
    facts text not null,
    primary key (brand, subject, record, since)
) strict, without rowid;
create index fact_by_record on fact (brand, record) where until is null;

-- The facts that stand for a subject (trade item of a batch, destination of a shipment), by what they say.
create table refer (
    brand integer not null,
    field text not null,
    key text not null,
    subject integer not null,
    since integer not null,
    until integer,
    primary key (brand, field, key, subject, since)
) strict, without rowid;
create index refer_by_subject on refer (brand, subject);

-- A subject's story. way 0: it was touched itself; 1: what holds it was relabeled, held, reworked.
create table subject_entry (
    brand integer not null,
    subject integer not null,
    seq integer not null,
    way integer not null,
    primary key (brand, subject, seq)
) strict, without rowid;

create table discrepancy (
    brand integer not null,
    seq integer not null,
    n integer not null,
    kind text not null,
    subject integer,
    key text,
    said text not null,
    closed integer,
    primary key (brand, seq, n)
) strict, without rowid;
create index discrepancy_by_subject on discrepancy (brand, subject) where subject is not null;
create index discrepancy_by_key on discrepancy (brand, key) where key is not null;
create index discrepancy_open on discrepancy (brand, seq) where closed is null;

-- Beside the book: who signs in, what is kept for a while, and files.
create table account (
    id text primary key,
    brand integer not null references brand (id),
    name text not null,
    folded_name text not null unique,
    role text not null,
    password text,
    generation integer not null
) strict;

create table token (
    id text primary key,
    brand integer not null references brand (id),
    name text not null,
    role text not null,
    digest text not null unique
) strict;

create table setup_link (
    brand integer primary key references brand (id),
    digest text not null unique,
    until integer not null
) strict;

create table kept_draft (
    id text primary key,
    draft text not null,
    kept_at integer not null
) strict;

create table file (
    digest text primary key,
    media_type text not null,
    bytes blob not null
) strict;

create table session (
    id text primary key,
    record text not null,
    expires integer not null
) strict;
create index session_by_expiry on session (expires);
