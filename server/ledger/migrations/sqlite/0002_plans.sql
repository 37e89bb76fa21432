-- What the planner is told of the tables: how many rows, and how many share each beginning of a key, in a
-- book of ten million cartons. Without it SQLite takes (brand) for a good search. It is never measured
-- (`analyze`), so that plans are the same for every book and every size.
analyze;
delete from sqlite_stat1;
insert into sqlite_stat1 (tbl, idx, stat) values
    ('entry', 'sqlite_autoindex_entry_1', '20000000 20000000 1'),
    ('entry', 'sqlite_autoindex_entry_2', '20000000 20000000 1'),
    ('log_node', 'log_node', '1300000 1300000 1200000 1'),
    ('correction', 'correction', '100000 100000 1'),
    ('subject', 'subject', '10000000 10000000 1'),
    ('subject', 'subject_by_key', '10000000 10000000 5000000 1'),
    ('name', 'name', '20000000 20000000 1 1 1'),
    ('name', 'name_by_subject', '20000000 20000000 2'),
    ('link', 'link', '20000000 20000000 10000000 4 1 1'),
    ('link', 'link_by_parent', '20000000 20000000 10000000 4 1'),
    ('mark', 'mark', '10000000 10000000 2 1 1'),
    ('counted', 'counted', '1000000 1000000 1 1'),
    ('fact', 'fact', '1000000 1000000 2 1 1'),
    ('fact', 'fact_by_record', '1000000 1000000 200000'),
    ('refer', 'refer', '1000000 1000000 300000 50 1 1'),
    ('refer', 'refer_by_subject', '1000000 1000000 3'),
    ('subject_entry', 'subject_entry', '40000000 40000000 4 1'),
    ('discrepancy', 'discrepancy', '1000000 1000000 1 1'),
    ('discrepancy', 'discrepancy_by_subject', '1000000 1000000 2'),
    ('discrepancy', 'discrepancy_by_key', '100000 100000 2'),
    ('discrepancy', 'discrepancy_open', '100000 100000 1');
analyze sqlite_schema;
