-- What is on sale, without a look at the facts.
SELECT category, count(DISTINCT sub_category) AS sub_categories, count(*) AS products
FROM dim_trade_product
GROUP BY category
