-- Every row belongs to a brand: photos and kept forms as well. What was kept before is the first brand's;
-- a photo of two brands is kept twice, so that either can move to another database.
--
-- Sessions have none: one exists before anybody signs in, and who signs in tells the brand, by the account.
alter table kept_draft add column brand bigint references brand (id);
update kept_draft set brand = (select min(id) from brand);
alter table kept_draft alter column brand set not null;
alter table kept_draft drop constraint kept_draft_pkey;
alter table kept_draft add primary key (brand, id);

alter table file add column brand bigint references brand (id);
update file set brand = (select min(id) from brand);
alter table file alter column brand set not null;
alter table file drop constraint file_pkey;
alter table file add primary key (brand, digest);
