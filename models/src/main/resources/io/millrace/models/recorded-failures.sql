UNION ALL
SELECT ${one_key}, one.valid_from, one.valid_to, 'is known beside another one for the same time' AS wrong
FROM ${from} AS one
JOIN ${from} AS other
  ON ${same_key}
  AND (one.valid_from < other.valid_from OR (one.valid_from = other.valid_from AND one.recorded_from < other.recorded_from))
  AND (one.valid_to IS NULL OR other.valid_from < one.valid_to)
  AND (one.recorded_to IS NULL OR other.recorded_from < one.recorded_to)
  AND (other.recorded_to IS NULL OR one.recorded_from < other.recorded_to)
