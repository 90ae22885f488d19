{%- set columns = {'id': 'guest_id', 'name': 'name', 'postcode': 'postcode'} -%}
select
    {%- for old, new in columns.items() %}
    {{ old }} as {{ new }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ ref('tea_house', 'raw_guests') }}
