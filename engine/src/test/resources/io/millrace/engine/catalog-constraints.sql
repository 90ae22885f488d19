-- Grain: one row for each constraint of the schema shop; p is a primary key, u unique, f foreign, c a check, t a trigger.
SELECT
  conrelid::regclass::text AS "table",
  conname AS name,
  contype::text AS kind,
  confrelid::regclass::text AS refers_to,
  (
    SELECT array_agg(attname::text ORDER BY place)
    FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute ON attrelid = conrelid AND attnum = number
  ) AS columns,
  pg_get_constraintdef(pg_constraint.oid) AS definition
FROM pg_constraint
WHERE connamespace = 'shop'::regnamespace
ORDER BY conrelid, position(contype::text IN 'pufct'), conkey, conname
