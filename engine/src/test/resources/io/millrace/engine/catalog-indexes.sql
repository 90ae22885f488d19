-- Grain: one row for each index of the schema shop; columns are those it begins with, in order.
SELECT
  indrelid::regclass::text AS "table",
  conname IS NULL AS of_its_own,
  pg_get_indexdef(indexrelid) AS definition,
  (
    SELECT array_agg(attname::text ORDER BY place)
    FROM unnest(indkey::int2[]) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute ON attrelid = indrelid AND attnum = number
  ) AS columns,
  indpred IS NULL AS whole
FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid
LEFT JOIN pg_constraint ON conindid = indexrelid AND contype IN ('p', 'u')
WHERE relnamespace = 'shop'::regnamespace
ORDER BY indrelid, indexrelid
