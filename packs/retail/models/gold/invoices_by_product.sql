-- Which goods the wholesaler sold, net of cancellations; postage, fees and corrections left out.
-- Grain: one row for each stock code in capital letters.
-- Owner: finance-team
SELECT
  upper(stock_code) AS stock_code,
  mode(trim(description)) FILTER (quantity > 0 AND unit_price > 0) AS description,
  count(DISTINCT customer_id) AS customers,
  sum(quantity) FILTER (NOT starts_with(invoice_no, 'C')) AS units_invoiced,
  -coalesce(sum(quantity) FILTER (starts_with(invoice_no, 'C')), 0) AS units_cancelled,
  sum(quantity * unit_price) AS net_revenue
FROM bronze.invoice_lines
-- Codes of goods begin with five digits, or are those of goods made for one customer.
WHERE regexp_matches(stock_code, '^[0-9]{5}') OR starts_with(stock_code, 'DCGS')
GROUP BY ALL
ORDER BY net_revenue DESC, stock_code
