-- Grain: one row for each day, and one for the day that is not known, if it has a name.
WITH days AS (
  SELECT CAST(unnest(generate_series(DATE '${from}', DATE '${to}', INTERVAL 1 DAY)) AS DATE) AS day
  ${unknown_day}
),
holidays AS (
  SELECT day, holiday
  FROM (VALUES (CAST(NULL AS DATE), CAST(NULL AS VARCHAR))${holidays}) AS written(day, holiday)
),
${fiscal}
placed AS (
  SELECT
    days.day,
    coalesce(CAST(strftime(days.day, '%Y%m%d') AS INTEGER), -1) AS date_key,
    CAST((isodow(days.day) - ${week_begins} + 7) % 7 + 1 AS INTEGER) AS day_of_week,
    isodow(days.day) IN (${weekend}) AS is_weekend,
    holidays.holiday${fiscal_columns}
  FROM days
  LEFT JOIN holidays ON holidays.day = days.day
  ${fiscal_join}
)
SELECT
  date_key,
  day,
  coalesce(dayname(day), ${unknown}) AS day_name,
  day_of_week,
  CAST(day(day) AS INTEGER) AS day_of_month,
  CAST(dayofyear(day) AS INTEGER) AS day_of_year,
  day - (day_of_week - 1) AS week_begins,
  CAST(weekofyear(day) AS INTEGER) AS iso_week,
  CAST(isoyear(day) AS INTEGER) AS iso_year,
  CAST(month(day) AS INTEGER) AS month,
  coalesce(monthname(day), ${unknown}) AS month_name,
  CAST(date_trunc('month', day) AS DATE) AS month_begins,
  last_day(day) AS month_ends,
  CAST(quarter(day) AS INTEGER) AS quarter,
  CAST(year(day) AS INTEGER) AS year,
  is_weekend,
  holiday,
  NOT is_weekend AND holiday IS NULL AS is_workday${fiscal_columns}
FROM placed
