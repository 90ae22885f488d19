UNION ALL
SELECT ${key}, valid_from, valid_to, 'has the surrogate key of another one' AS wrong
FROM ${from}
WHERE ${current}
QUALIFY count(*) OVER (PARTITION BY ${surrogate_key}) > 1
