-- The second highest salary of each department, and who earns it. Those who share the highest do not make it the
-- second; a department where all earn the same has none.
-- Grain: one row for each department.
-- Owner: people-team
SELECT
  department,
  min(salary) FILTER (dense_rank = 2) AS second_salary,
  string_agg(employee, ', ' ORDER BY employee) FILTER (dense_rank = 2) AS employees
FROM gold.salary_ranks
GROUP BY department
ORDER BY department
