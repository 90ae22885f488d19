-- One number over all lines.
SELECT sum(amount) AS revenue, count(*) AS lines
FROM fct_trade_lines
