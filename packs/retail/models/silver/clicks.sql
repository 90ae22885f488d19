-- What visitors did, late events included.
-- Grain: one row for each event.
-- Owner: web-team
SELECT event_id, event_type, event_time, visitor_id, session_id, device, country, query, results, item
FROM bronze.clicks
UNION ALL
SELECT event_id, event_type, event_time, visitor_id, session_id, device, country, query, results, item
FROM quarantine.clicks_late
