-- In which months did the wholesaler earn most?
-- Grain: one row for each of the three best months.
-- Owner: finance-team
SELECT month, invoices, customers, net_revenue
FROM gold.invoices_monthly
ORDER BY net_revenue DESC
LIMIT 3
