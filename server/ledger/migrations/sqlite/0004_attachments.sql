-- Documents whose bytes are in a folder or a bucket: what they are, who stored them and when. Those that stand
-- in the table file go on being read from there.
create table document (
    brand integer not null references brand (id),
    digest text not null,
    media_type text not null,
    bytes integer not null,
    name text,
    stored_at integer not null,
    stored_by text not null,
    primary key (brand, digest)
) strict;
