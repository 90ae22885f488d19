-- Lines that no rule explains, and codes that silver.special_codes does not know: look at them and write a rule.
SELECT invoice_no, stock_code, quantity, unit_price, amount
FROM silver.invoice_lines
WHERE kind = 'unknown'
