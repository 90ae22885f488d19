fiscal_years AS (
  SELECT fiscal_year, begins, next_begins
  FROM (VALUES ${years}) AS written(fiscal_year, begins, next_begins)
),
in_years AS (
  SELECT
    days.day,
    fiscal_year,
    CAST(days.day - begins + 1 AS INTEGER) AS fiscal_day,
    CAST((days.day - begins) // 7 + 1 AS INTEGER) AS fiscal_week,
    begins
  FROM days
  JOIN fiscal_years ON begins <= days.day AND days.day < next_begins
),
in_months AS (
  SELECT *, ${fiscal_month} AS fiscal_month
  FROM in_years
),
