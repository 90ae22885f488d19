-- All that one customer has ever bought and sent back.
SELECT day, invoice_no, description, kind, quantity, amount
FROM fct_trade_lines
JOIN dim_trade_product USING (stock_code)
WHERE customer_id = 12748
