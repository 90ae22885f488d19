-- What each quarter brought from each category.
SELECT quarter, category, sum(amount) AS revenue
FROM fct_trade_lines
JOIN dim_trade_day USING (day)
JOIN dim_trade_product USING (stock_code)
GROUP BY quarter, category
