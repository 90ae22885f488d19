-- Sales bring money and returns cost it.
SELECT invoice_no, stock_code, kind, amount
FROM silver.invoice_lines
WHERE (kind = 'sale' AND amount <= 0) OR (kind = 'return' AND amount >= 0)
