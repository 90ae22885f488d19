-- What the wholesaler sold each day of each kind of thing, and what of it came back.
-- Grain: one row for each day in London, category and sub-category with sales or returns of goods on it.
-- Owner: finance-team
SELECT
  line.invoice_date AS day,
  family.category,
  family.sub_category,
  coalesce(sum(line.amount) FILTER (line.kind = 'sale'), 0) AS sales,
  -coalesce(sum(line.amount) FILTER (line.kind = 'return'), 0) AS returns,
  sum(line.amount) AS net_revenue
FROM silver.invoice_lines AS line
JOIN silver.product_families AS family ON family.stock_code = line.stock_code
WHERE line.excluded_reason IS NULL
GROUP BY line.invoice_date, family.category, family.sub_category
