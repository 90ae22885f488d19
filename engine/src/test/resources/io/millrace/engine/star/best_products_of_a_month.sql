-- The ten products that brought most in November 2011.
SELECT stock_code, description, sum(amount) AS revenue
FROM fct_trade_lines
JOIN dim_trade_day USING (day)
JOIN dim_trade_product USING (stock_code)
WHERE month = '2011-11'
GROUP BY stock_code, description
ORDER BY revenue DESC, stock_code
LIMIT 10
