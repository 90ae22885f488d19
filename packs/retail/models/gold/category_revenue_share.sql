-- Which categories bring how much of the wholesaler's revenue, and how much the best of them bring together.
-- Grain: one row for each category, the one with the highest net revenue first.
-- Owner: finance-team
SELECT
  category,
  sum(net_revenue) AS net_revenue,
  round(100 * sum(net_revenue) / sum(sum(net_revenue)) OVER (), 2) AS percent,
  sum(sum(net_revenue)) OVER (ORDER BY sum(net_revenue) DESC, category) AS net_revenue_so_far,
  round(
    100 * sum(sum(net_revenue)) OVER (ORDER BY sum(net_revenue) DESC, category) / sum(sum(net_revenue)) OVER (), 2
  ) AS percent_so_far
FROM gold.category_daily
GROUP BY category
ORDER BY net_revenue DESC, category
