-- Grain: one row for each column of the schema shop, as PostgreSQL has it.
SELECT
  relname AS "table",
  obj_description(pg_class.oid, 'pg_class') AS about_table,
  attname AS "column",
  format_type(atttypid, atttypmod) AS type,
  NOT attnotnull AS optional,
  CASE
    WHEN attidentity <> '' THEN 'counted'
    WHEN attgenerated <> '' THEN pg_get_expr(adbin, adrelid)
  END AS made,
  col_description(pg_class.oid, attnum) AS about
FROM pg_class
JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r'
-- The oldest first: a table is made after those it refers to.
ORDER BY pg_class.oid, attnum
