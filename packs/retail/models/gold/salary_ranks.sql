-- The three ways to number salaries within a department, side by side: ROW_NUMBER tells those who earn the same apart,
-- RANK gives them one place and leaves the next out, DENSE_RANK leaves none out.
-- Grain: one row for each employee.
-- Owner: people-team
SELECT
  department,
  employee,
  salary,
  row_number() OVER (PARTITION BY department ORDER BY salary DESC, employee) AS row_number,
  rank() OVER (PARTITION BY department ORDER BY salary DESC) AS rank,
  dense_rank() OVER (PARTITION BY department ORDER BY salary DESC) AS dense_rank
FROM silver.employees
ORDER BY department, row_number
