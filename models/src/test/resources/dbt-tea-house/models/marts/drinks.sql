{#- One column for each drink of the card: {{ not read }}. -#}
select
    guest_id,
    {% for drink in var('drinks') -%}
    sum(case when drink = '{{ drink.upper() }}' then amount else 0 end) as {{ drink }}_amount,
    {% endfor -%}
    sum(amount) as amount
from {{ ref('stg_visits') }}
group by guest_id
