-- What the wholesaler sells, and what kind of thing it is.
-- Grain: one row for each stock code of goods, in capital letters.
-- Owner: finance-team
SELECT stock_code, products.description, families.sub_category, families.category
FROM silver.products AS products
JOIN silver.product_families AS families USING (stock_code)
