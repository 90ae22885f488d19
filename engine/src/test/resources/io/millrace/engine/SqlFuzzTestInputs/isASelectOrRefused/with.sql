WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r WHERE x < 3)
SELECT r.x, c.item FROM r JOIN bronze.clicks AS c ON c.event_id = r.x
