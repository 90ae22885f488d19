-- One row for each visit since the house has opened.
{{ config(tags=['visits']) }}
select
    id as visit_id,
    guest_id,
    day,
    upper(drink) as drink,
    {{ euros('cents') }} as amount
from {{ source('till', 'visits') }}
where day >= '{{ var("first_day") }}'
