-- An interval is wanted, perhaps again. One that runs stays due after it; one that waits to be tried
-- again goes on waiting; and work that is due anyway does not become a backfill's.
INSERT INTO intervals VALUES (?, ?, ?, 'wanted', 1, 0, 0, ?, ?, '', 0, 0, ?, NULL, NULL, ?)
ON CONFLICT (table_name, from_micros, to_micros) DO UPDATE SET
  state = CASE WHEN state = 'running' THEN state WHEN built > 0 THEN 'stale' ELSE 'wanted' END,
  wanted = wanted + 1,
  extent = CASE WHEN excluded.extent = 'full' THEN 'full' ELSE extent END,
  why = CASE WHEN state IN ('wanted', 'stale') THEN why ELSE excluded.why END,
  message = CASE WHEN state IN ('wanted', 'stale') THEN message ELSE '' END,
  attempts = CASE WHEN state IN ('wanted', 'stale', 'running') THEN attempts ELSE 0 END,
  not_before_micros = CASE WHEN state IN ('wanted', 'stale') THEN not_before_micros ELSE 0 END,
  backfill = CASE
    WHEN excluded.backfill IS NULL THEN NULL
    WHEN state IN ('wanted', 'stale', 'running') THEN backfill
    ELSE excluded.backfill
  END,
  changed_micros = excluded.changed_micros
