,
  fiscal_year,
  fiscal_quarter,
  fiscal_month,
  fiscal_week,
  fiscal_day
