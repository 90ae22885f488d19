-- The wholesaler's customers. Who has invoices in several countries is of the one that most of them name, the latest
-- where that leaves a choice; 'Unspecified' and 'European Community' are countries only of those without another.
-- Grain: one row for each customer.
-- Owner: finance-team
WITH named AS (
  SELECT
    customer_id,
    country,
    country NOT IN ('Unspecified', 'European Community') AS is_country,
    count(*) AS invoices,
    min(invoice_date) AS first_date,
    max(invoice_time) AS last_time
  FROM silver.invoices
  WHERE customer_id IS NOT NULL
  GROUP BY customer_id, country
),
ranked AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY customer_id ORDER BY is_country DESC, invoices DESC, last_time DESC, country
    ) AS choice
  FROM named
)
SELECT
  customer_id,
  min(country) FILTER (choice = 1) AS country,
  count(*) AS countries,
  CAST(sum(invoices) AS BIGINT) AS invoices,
  min(first_date) AS customer_since
FROM ranked
GROUP BY customer_id
