-- An invoice is what its lines are.
SELECT invoice_no, goods, charges, total
FROM silver.invoices
WHERE total <> goods + charges
