LEFT JOIN (
    SELECT *, CAST((fiscal_month - 1) // 3 + 1 AS INTEGER) AS fiscal_quarter FROM in_months
  ) AS fiscal ON fiscal.day = days.day
