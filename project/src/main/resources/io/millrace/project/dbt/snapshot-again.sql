{#- What is there, with versions ended whose rows have changed or gone, and what has come. -#}
{%- set time = "CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)" -%}
{%- set updated = updated_at or time -%}
{%- set marked = deletes == 'new_record' -%}
{%- set own = [names.dbt_scd_id, names.dbt_updated_at, names.dbt_valid_from, names.dbt_valid_to] -%}
{%- if marked %}{% do own.append(names.dbt_is_deleted) %}{% endif -%}
WITH snapshot_source AS (
{{ source_sql }}
),
seen AS (
  SELECT *, to_json(snapshot_source) AS snapshot_row, {{ updated }} AS snapshot_updated FROM snapshot_source
),
open_versions AS (
  SELECT * FROM {{ this }}
  WHERE {{ names.dbt_valid_to }} IS NOT DISTINCT FROM {{ current or 'NULL' }}
),
open_rows AS (
  SELECT * EXCLUDE ({{ own | join(', ') }}) FROM open_versions
),
compared AS (
  SELECT {{ key | join(', ') }}, to_json(open_rows) AS snapshot_row FROM open_rows
),
changed AS (
  SELECT seen.* EXCLUDE (snapshot_row) FROM seen
  LEFT JOIN open_versions AS old ON {{ snapshot_same('old', 'seen', key) }}
  LEFT JOIN compared ON {{ snapshot_same('compared', 'seen', key) }}
  WHERE old.{{ key[0] }} IS NULL
  {%- if marked %} OR old.{{ names.dbt_is_deleted }} = 'True'{% endif %}
  {%- if strategy == 'timestamp' %} OR old.{{ names.dbt_valid_from }} < seen.snapshot_updated
  {%- elif check_cols %}
  {%- for column in check_cols %} OR old.{{ column }} IS DISTINCT FROM seen.{{ column }}{% endfor %}
  {%- else %} OR compared.snapshot_row IS DISTINCT FROM seen.snapshot_row
  {%- endif %}
)
SELECT * FROM {{ this }}
WHERE {{ names.dbt_valid_to }} IS DISTINCT FROM {{ current or 'NULL' }}
UNION ALL BY NAME
SELECT old.* REPLACE (
  CASE
    WHEN changed.{{ key[0] }} IS NOT NULL THEN changed.snapshot_updated
    {%- if deletes == 'invalidate' %}
    WHEN seen.{{ key[0] }} IS NULL THEN {{ time }}
    {%- elif marked %}
    WHEN seen.{{ key[0] }} IS NULL AND old.{{ names.dbt_is_deleted }} = 'False' THEN {{ time }}
    {%- endif %}
    ELSE old.{{ names.dbt_valid_to }}
  END AS {{ names.dbt_valid_to }})
FROM open_versions AS old
LEFT JOIN changed ON {{ snapshot_same('changed', 'old', key) }}
LEFT JOIN seen ON {{ snapshot_same('seen', 'old', key) }}
UNION ALL BY NAME
SELECT
  * EXCLUDE (snapshot_updated),
  {%- if marked %}
  'False' AS {{ names.dbt_is_deleted }},
  {%- endif %}
  {{ snapshot_id(key, 'snapshot_updated') }} AS {{ names.dbt_scd_id }},
  snapshot_updated AS {{ names.dbt_updated_at }},
  snapshot_updated AS {{ names.dbt_valid_from }},
  {{ current or 'nullif(snapshot_updated, snapshot_updated)' }} AS {{ names.dbt_valid_to }}
FROM changed
{%- if marked %}
UNION ALL BY NAME
SELECT * REPLACE (
  'True' AS {{ names.dbt_is_deleted }},
  {{ snapshot_id(key, time) }} AS {{ names.dbt_scd_id }},
  {{ time }} AS {{ names.dbt_updated_at }},
  {{ time }} AS {{ names.dbt_valid_from }})
FROM open_versions AS old
WHERE old.{{ names.dbt_is_deleted }} = 'False'
  AND NOT EXISTS (SELECT 1 FROM seen WHERE {{ snapshot_same('seen', 'old', key) }})
{%- endif %}
