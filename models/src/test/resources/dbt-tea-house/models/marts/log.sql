{{ config(materialized='incremental', incremental_strategy='append') }}
select visit_id, day from {{ ref('stg_visits') }}
{% if is_incremental() %}
where visit_id > (select max(visit_id) from {{ this }})
{% endif %}
