CAST(
    3 * least(3, (fiscal_week - 1) // 13)
    + CASE
        WHEN fiscal_week - 13 * least(3, (fiscal_week - 1) // 13) <= ${first} THEN 1
        WHEN fiscal_week - 13 * least(3, (fiscal_week - 1) // 13) <= ${second} THEN 2
        ELSE 3
      END
    AS INTEGER
  )
