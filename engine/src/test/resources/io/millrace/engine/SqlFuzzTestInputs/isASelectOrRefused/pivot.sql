FROM (PIVOT gold.daily_sales ON day USING sum(revenue)) SELECT * EXCLUDE (day) REPLACE (1 AS revenue)
