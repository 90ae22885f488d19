SELECT day, sum(revenue) OVER (ORDER BY day ROWS 3 PRECEDING) FROM gold.daily_sales QUALIFY row_number() OVER () < 3
