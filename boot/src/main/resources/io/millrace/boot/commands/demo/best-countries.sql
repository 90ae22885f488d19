-- Where do its customers abroad spend most?
-- Grain: one row for each of the three best countries.
-- Owner: finance-team
SELECT country, customers, invoices, net_revenue
FROM gold.invoices_by_country
WHERE country <> 'United Kingdom'
ORDER BY net_revenue DESC
LIMIT 3
