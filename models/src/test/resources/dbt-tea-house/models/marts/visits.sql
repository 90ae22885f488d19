{{
    config(
        materialized='incremental',
        unique_key='visit_id'
    )
}}
select visit_id, guest_id, day, amount, '{{ "again" if is_incremental() else "first" }}' as seen
from {{ ref('stg_visits') }}
{% if is_incremental() %}
where day >= (select max(day) from {{ this }})
{% endif %}
