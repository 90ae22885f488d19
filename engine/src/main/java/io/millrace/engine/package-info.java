/**
 * SQL over the lake: one port, {@link io.millrace.engine.Engine}, and DuckDB behind it.
 *
 * <p>Users' SQL is read-only twice over: what its parse may contain is listed ({@link
 * io.millrace.engine.DuckDbSqlReader}), and the database it runs in can open the files of the
 * tables it names and nothing else.
 */
package io.millrace.engine;
