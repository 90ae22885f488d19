-- Forgets releases. Kept are: all since ?1; since ?2 the last of each hour; what was current at ?1
-- and at ?2; and the newest ?3.
DELETE FROM releases
WHERE at_micros < ?1
  AND NOT (at_micros >= ?2 AND id IN (SELECT max(id) FROM releases GROUP BY at_micros / 3600000000))
  AND id IS NOT (SELECT max(id) FROM releases WHERE at_micros <= ?1)
  AND id IS NOT (SELECT max(id) FROM releases WHERE at_micros <= ?2)
  AND id NOT IN (SELECT id FROM releases ORDER BY id DESC LIMIT ?3)
