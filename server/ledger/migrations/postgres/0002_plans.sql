-- PostgreSQL measures its tables by itself; what its planner is told besides goes with each connection
-- (src/db.rs).
select 1;
