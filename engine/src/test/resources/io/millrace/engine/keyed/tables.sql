CREATE SCHEMA bronze;
CREATE SCHEMA changes;
CREATE SCHEMA build;
CREATE TABLE bronze.orders (id INT, customer INT, day DATE, item STRUCT(product INT, pieces INT), amount INT, tags INT[]);
CREATE TABLE bronze.late (id INT, customer INT, day DATE, item STRUCT(product INT, pieces INT), amount INT, tags INT[], reason INT);
CREATE TABLE bronze.lines (id INT, line INT, product INT, amount INT);
CREATE TABLE bronze.people (customer INT, country INT, boss INT);
CREATE SCHEMA gold;
CREATE VIEW gold.paid AS SELECT p.country, o.amount FROM bronze.orders o JOIN bronze.people p USING (customer);
