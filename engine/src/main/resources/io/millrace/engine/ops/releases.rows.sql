SELECT release, at_micros, run, why, table_name, role, snapshot
FROM releases
JOIN release_tables ON release = id
