-- How many customers and invoices each country has had in each year.
SELECT country, year, count(DISTINCT customer_id) AS customers, count(DISTINCT invoice_no) AS invoices
FROM fct_trade_lines
JOIN dim_trade_day USING (day)
JOIN dim_trade_customer USING (customer_id)
GROUP BY country, year
