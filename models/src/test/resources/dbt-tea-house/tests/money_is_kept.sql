{{ config(severity='error') }}
select a.amount, b.amount as other
from (select sum(amount) as amount from {{ ref('visits') }}) as a,
     (select sum(amount) as amount from {{ ref('guests') }}) as b
where a.amount <> b.amount
