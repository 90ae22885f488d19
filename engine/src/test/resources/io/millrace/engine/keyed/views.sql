--
SELECT customer, count(*) AS n, sum(amount) AS amount FROM bronze.orders GROUP BY customer;
--
SELECT date_trunc('month', day) AS month, customer % 2 AS half, sum(amount) AS amount
FROM bronze.orders WHERE amount > 1 GROUP BY ALL HAVING sum(amount) > 2 ORDER BY ALL;
--
SELECT item.product AS product, customer AS c, count(DISTINCT o.id) AS n FROM bronze.orders o GROUP BY 1, c;
--half
SELECT customer % 2 AS half, customer, sum(amount) AS amount FROM bronze.orders GROUP BY ALL;
--
SELECT amount + 1 AS a, a * 2 AS b, count(*) AS n FROM bronze.orders WHERE b > 4 GROUP BY ALL;
--
SELECT o.customer, sum(l.amount) AS amount, count(*) AS n
FROM bronze.orders o JOIN bronze.lines l ON o.id = l.id GROUP BY o.customer;
--
SELECT country, product, sum(lines.amount) AS amount
FROM bronze.orders JOIN bronze.lines USING (id) JOIN bronze.people USING (customer) WHERE line > 0 GROUP BY ALL;
--
SELECT customer, sum(bronze.lines.amount) AS amount FROM bronze.orders, bronze.lines
WHERE orders.id = bronze.lines.id AND line < 3 GROUP BY customer;
--
SELECT customer, count(l.id) AS n FROM bronze.orders o LEFT JOIN bronze.lines l ON o.id = l.id AND l.line > 1 GROUP BY customer;
--
SELECT o.customer, count(*) AS n FROM bronze.orders o LEFT JOIN bronze.lines l USING (id) WHERE l.id IS NULL GROUP BY o.customer;
--
SELECT o.customer, sum(l.amount) AS a, max(p.country) AS c
FROM bronze.orders o LEFT JOIN bronze.lines l ON o.id = l.id LEFT JOIN bronze.people p ON p.customer = l.line GROUP BY 1;
--
SELECT p.country, count(o.id) AS n FROM bronze.orders o RIGHT JOIN bronze.people p USING (customer) GROUP BY p.country;
--
SELECT customer, count(*) AS n FROM bronze.orders o RIGHT JOIN bronze.people p USING (customer) GROUP BY customer;
--id
SELECT id, customer, upper('x' || amount) AS a FROM bronze.orders WHERE customer IS NOT NULL;
--id, line
SELECT l.*, o.customer FROM bronze.lines l LEFT JOIN bronze.orders o USING (id);
--
SELECT DISTINCT customer, item.product FROM bronze.orders;
--
SELECT DISTINCT o.customer, l.product FROM bronze.orders o JOIN bronze.lines l ON o.id = l.id WHERE l.amount > o.amount;
--
SELECT a.customer, count(b.id) AS n FROM bronze.orders a JOIN bronze.orders b ON a.day = b.day AND a.id < b.id GROUP BY a.customer;
--
SELECT p.customer, count(q.customer) AS n FROM bronze.people p LEFT JOIN bronze.people q ON p.boss = q.customer GROUP BY 1;
--
WITH big AS (SELECT id AS number, customer FROM bronze.orders WHERE amount > 1)
SELECT customer, sum(amount) AS amount FROM big JOIN bronze.lines l ON number = l.id GROUP BY customer;
--
WITH every AS (SELECT * FROM bronze.orders UNION ALL SELECT * EXCLUDE (reason) FROM bronze.late)
SELECT customer, sum(amount) AS amount FROM every GROUP BY customer;
--
WITH every AS (SELECT id, amount AS a FROM bronze.lines UNION SELECT id, amount FROM bronze.orders),
     more AS (SELECT * FROM every UNION ALL BY NAME SELECT a, id FROM every WHERE a > 2)
SELECT id, sum(a) AS a FROM more GROUP BY id;
--
WITH totals AS (SELECT id, sum(amount) AS total FROM bronze.lines GROUP BY id HAVING count(*) > 1)
SELECT customer, sum(total) AS total, count(*) AS n FROM bronze.orders o LEFT JOIN totals t ON o.id = t.id GROUP BY customer;
--
WITH totals AS (SELECT id, sum(amount) AS total FROM bronze.lines GROUP BY id)
SELECT total, count(*) AS n FROM totals GROUP BY total;
--
WITH totals AS (SELECT id, product, max(amount) AS most FROM bronze.lines GROUP BY ALL)
SELECT most, o.customer, count(*) AS n FROM totals JOIN bronze.orders o USING (id) GROUP BY ALL;
--id
WITH a AS (SELECT id, sum(amount) AS x FROM bronze.lines GROUP BY id),
     b AS (SELECT id, count(*) AS y FROM bronze.orders GROUP BY id)
SELECT id, x, coalesce(y, 0) AS y, z FROM a FULL JOIN b USING (id)
LEFT JOIN (SELECT id, max(reason) AS z FROM bronze.late GROUP BY id) c USING (id);
--id
SELECT id, l.amount + o.amount AS both FROM bronze.lines l FULL JOIN bronze.orders o USING (id);
--
SELECT customer, count(*) AS n FROM bronze.orders SEMI JOIN bronze.lines USING (id) GROUP BY customer;
--
SELECT customer, count(*) AS n FROM bronze.orders o ANTI JOIN bronze.lines l ON o.id = l.id AND l.amount > 1 GROUP BY customer;
--
SELECT customer, tag, count(*) AS n FROM bronze.orders, unnest(tags) AS u(tag) GROUP BY ALL;
--
SELECT customer, sum(v.b) AS b FROM bronze.orders JOIN (VALUES (1, 10), (2, 20)) v(a, b) ON amount = a GROUP BY customer;
--id
SELECT id, line, sum(amount) OVER (PARTITION BY id ORDER BY line, amount, product ROWS UNBOUNDED PRECEDING) AS total FROM bronze.lines;
--customer
SELECT o.customer, id FROM bronze.orders o QUALIFY rank() OVER (PARTITION BY customer ORDER BY amount) = 1;
--id
SELECT id, amount FROM bronze.orders UNION ALL SELECT id, amount FROM bronze.lines WHERE line > 1;
--
SELECT customer AS who, count(*) AS n FROM bronze.orders GROUP BY ALL UNION ALL SELECT country, count(*) FROM bronze.people GROUP BY ALL;
--
SELECT customer, sum(amount) AS amount FROM bronze.orders NATURAL JOIN (SELECT id, line FROM bronze.lines) GROUP BY customer;
--country
SELECT country, n FROM (SELECT country, count(*) AS n FROM bronze.people GROUP BY country);
--
SELECT country, list_sum(list_transform(list(amount), lambda x: x + 1)) AS l FROM gold.paid p GROUP BY country;
--
WITH counted AS (SELECT o.customer, count(l.id) AS n FROM bronze.orders o LEFT JOIN bronze.lines l USING (id) GROUP BY 1)
SELECT n, count(*) AS many FROM counted GROUP BY n;
--
SELECT p.country, count(o.id) AS n, sum(l.amount) AS amount
FROM bronze.people p LEFT JOIN (bronze.orders o LEFT JOIN bronze.lines l ON o.id = l.id) ON p.customer = o.customer GROUP BY 1;
