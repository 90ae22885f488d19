{{ config(materialized='ephemeral') }}
select guest_id, day, sum(amount) as amount
from {{ ref('stg_visits') }}
group by all
