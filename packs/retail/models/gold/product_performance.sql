-- How well each product sells, and how much of it comes back.
-- Grain: one row for each product that was sold or sent back.
-- Owner: finance-team
WITH traded AS (
  SELECT
    stock_code,
    count(DISTINCT customer_id) FILTER (kind = 'sale') AS customers,
    count(DISTINCT invoice_no) FILTER (kind = 'sale') AS orders,
    coalesce(sum(quantity) FILTER (kind = 'sale'), 0) AS units_sold,
    -coalesce(sum(quantity) FILTER (kind = 'return'), 0) AS units_returned,
    coalesce(sum(amount) FILTER (kind = 'sale'), 0) AS sales,
    -coalesce(sum(amount) FILTER (kind = 'return'), 0) AS returns,
    sum(amount) AS net_revenue
  FROM silver.invoice_lines
  WHERE excluded_reason IS NULL
  GROUP BY stock_code
)
SELECT
  stock_code,
  products.description,
  customers,
  orders,
  units_sold,
  units_returned,
  round(100 * units_returned / nullif(units_sold, 0), 2) AS percent_returned,
  sales,
  returns,
  net_revenue,
  rank() OVER (ORDER BY net_revenue DESC, stock_code) AS place
FROM traded
LEFT JOIN silver.products USING (stock_code)
