CREATE SCHEMA bronze;
CREATE SCHEMA silver;
CREATE TABLE bronze.orders (id INT, customer INT, item STRUCT(product INT, pieces INT), tags INT[], amount INT);
CREATE TABLE bronze.lines (id INT, line INT, kind INT, amount INT);
CREATE TABLE silver.people (customer INT, name INT, boss INT);
