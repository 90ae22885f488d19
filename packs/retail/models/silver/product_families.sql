-- What kind of thing each product of the wholesaler is: the last word of its description that silver.product_words
-- knows says it ("LUNCH BAG RED SPOTTY" is a bag).
-- Grain: one row for each product; a product that no word fits is of family 'other'.
-- Owner: finance-team
WITH parts AS (
  SELECT stock_code, string_split_regex(upper(description), '[^A-Z]+') AS words
  FROM silver.products
),
numbered AS (
  SELECT stock_code, words, unnest(generate_series(1, len(words))) AS position
  FROM parts
),
known AS (
  SELECT
    numbered.stock_code,
    max_by(known_word.category, numbered.position) AS category,
    max_by(known_word.sub_category, numbered.position) AS sub_category
  FROM numbered
  JOIN silver.product_words AS known_word ON known_word.word = numbered.words[numbered.position]
  GROUP BY numbered.stock_code
)
SELECT
  products.stock_code,
  coalesce(known.category, 'other') AS category,
  coalesce(known.sub_category, 'other') AS sub_category
FROM silver.products AS products
LEFT JOIN known ON known.stock_code = products.stock_code
