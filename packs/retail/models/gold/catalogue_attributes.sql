-- The nested JSON of the suppliers' catalogue, flat: each value under the path that leads to it, with dots between, and the
-- places of a list counted from 0. A key that has a dot in it stands in quotes. Nulls are kept, and so are lists and
-- objects that are empty.
-- Grain: one row for each product and path to a value.
-- Owner: order-team
SELECT
  feed.product_id,
  substr(regexp_replace(node.fullkey, '\[(\d+)\]', '.\1', 'g'), 3) AS attribute,
  lower(node.type) AS type,
  json_extract_string(node.value, '$') AS value
FROM silver.catalogue_feed AS feed, json_tree(feed.document) AS node
WHERE node.type NOT IN ('OBJECT', 'ARRAY') OR node.value IN ('{}', '[]')
