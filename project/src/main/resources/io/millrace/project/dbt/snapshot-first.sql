{%- set updated = updated_at or "CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)" -%}
WITH snapshot_source AS (
{{ source_sql }}
),
seen AS (
  SELECT *, {{ updated }} AS snapshot_updated FROM snapshot_source
)
SELECT
  * EXCLUDE (snapshot_updated),
  {%- if deletes == 'new_record' %}
  'False' AS {{ names.dbt_is_deleted }},
  {%- endif %}
  {{ snapshot_id(key, 'snapshot_updated') }} AS {{ names.dbt_scd_id }},
  snapshot_updated AS {{ names.dbt_updated_at }},
  snapshot_updated AS {{ names.dbt_valid_from }},
  {{ current or 'nullif(snapshot_updated, snapshot_updated)' }} AS {{ names.dbt_valid_to }}
FROM seen
