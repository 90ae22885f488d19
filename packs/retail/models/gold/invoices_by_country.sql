-- Where the wholesaler's customers are, and what each country brought, net of cancellations.
-- Grain: one row for each country.
-- Owner: finance-team
SELECT
  country,
  count(DISTINCT customer_id) AS customers,
  count(DISTINCT invoice_no) FILTER (NOT starts_with(invoice_no, 'C')) AS invoices,
  sum(quantity * unit_price) AS net_revenue,
  round(100 * sum(quantity * unit_price) / sum(sum(quantity * unit_price)) OVER (), 2)
    AS percent_of_revenue
FROM bronze.invoice_lines
GROUP BY country
ORDER BY net_revenue DESC
