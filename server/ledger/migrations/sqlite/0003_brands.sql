-- Every row belongs to a brand: photos and kept forms as well. What was kept before is the first brand's;
-- a photo of two brands is kept twice, so that either can move to another database.
--
-- Sessions have none: one exists before anybody signs in, and who signs in tells the brand, by the account.
alter table kept_draft rename to kept_draft_before;
create table kept_draft (
    brand integer not null references brand (id),
    id text not null,
    draft text not null,
    kept_at integer not null,
    primary key (brand, id)
) strict;
insert into kept_draft (brand, id, draft, kept_at)
    select first.id, k.id, k.draft, k.kept_at from kept_draft_before k
    join (select min(id) as id from brand) as first on first.id is not null;
drop table kept_draft_before;

alter table file rename to file_before;
create table file (
    brand integer not null references brand (id),
    digest text not null,
    media_type text not null,
    bytes blob not null,
    primary key (brand, digest)
) strict;
insert into file (brand, digest, media_type, bytes)
    select first.id, f.digest, f.media_type, f.bytes from file_before f
    join (select min(id) as id from brand) as first on first.id is not null;
drop table file_before;
