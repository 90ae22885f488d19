-- What visitors search for, how much is found, and whether it ends in a purchase.
-- Grain: one row for each text searched for, small and capital letters taken as one.
-- Owner: web-team
WITH searches AS (
  SELECT lower(trim(query)) AS search, session_id, results
  FROM silver.clicks
  WHERE event_type = 'search' AND query IS NOT NULL
),
buyers AS (
  SELECT DISTINCT session_id
  FROM silver.clicks
  WHERE event_type = 'purchase'
)
SELECT
  search,
  count(*) AS searches,
  count(DISTINCT searches.session_id) AS visits,
  count(DISTINCT buyers.session_id) AS visits_with_purchase,
  round(avg(results), 1) AS average_results,
  count(*) FILTER (results = 0) AS without_results
FROM searches
LEFT JOIN buyers USING (session_id)
GROUP BY search
ORDER BY searches DESC, search
