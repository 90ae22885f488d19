{{ config(alias='best_guests', schema='gold', tags='shown') }}
{% set kinds = known_kinds() %}
with money as (
    select guest_id, sum(amount) as amount from {{ ref('guest_days') }} group by guest_id
)
select
    g.guest_id,
    g.name,
    {% call(column) over_all(['amount']) %}coalesce(m.{{ column }}, 0){% endcall %} as amount,
    {{ kind('m.amount') }} as kind,
    '{{ env_var("DBT_TOWN", "nowhere") }}' as town,
    '{{ target.type }}' as engine,
    {{ dbt.safe_cast('g.postcode', type_int()) }} as postcode,
    {{ kinds | length }} as kinds
from {{ ref('stg_guests') }} as g
left join money as m using (guest_id)
where g.name is not null
