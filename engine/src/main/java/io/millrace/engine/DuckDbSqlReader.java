package io.millrace.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.ColumnTracer;
import io.millrace.project.SqlReader;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads SQL with DuckDB's own parser, without running it. Safe for several threads. */
public final class DuckDbSqlReader implements SqlReader, ColumnTracer, AutoCloseable {

  private static final int MAX_CHARACTERS = 256 << 10;
  private static final int MAX_REMEMBERED = 256;
  private static final int MAX_REMEMBERED_CHARACTERS = 8 << 10;

  private final DuckDbParser parser = new DuckDbParser();
  private final Map<String, Sql> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sql> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** A SELECT that may be run over the lake, or the first reason why it may not. */
  @Override
  public synchronized Sql read(String text) {
    if (text.length() > MAX_CHARACTERS) {
      return new Sql.Refused(
          1, "the SQL has more than " + MAX_CHARACTERS + " characters", "split it up");
    }
    Sql known = remembered.get(text);
    if (known == null) {
      known = parse(text);
      if (text.length() <= MAX_REMEMBERED_CHARACTERS) {
        remembered.put(text, known);
      }
    }
    return known;
  }

  private Sql parse(String text) {
    try {
      return new SelectCheck(text).check(parser.parse(text));
    } catch (JsonProcessingException e) {
      return new Sql.Refused(1, "the SQL is nested too deeply", "use WITH to take it apart");
    } catch (SQLException e) {
      return new Sql.Refused(1, e.getMessage(), "write one SELECT");
    }
  }

  /** The tables that a SELECT reads; anything else is the caller's error. */
  List<Reference> references(String text) {
    Sql sql = read(text);
    if (sql instanceof Sql.Refused refused) {
      throw MillraceException.caller(
          "Cannot run the query: line %d: %s; %s"
              .formatted(refused.line(), refused.what(), refused.remedy()));
    }
    return ((Sql.Select) sql).references();
  }

  @Override
  public Traced trace(String sql, Map<TableName, List<String>> tables) {
    references(sql);
    return new QueryTrace(sql, tables, parser).trace(parser.query(sql));
  }

  @Override
  public Map<TableName, List<String>> ownTables() {
    return parser.operationsTables();
  }

  /**
   * How a view is kept up to date.
   *
   * @param uniqueKey output columns; empty means those it groups by
   * @param tables the columns of the tables it reads, those behind views included
   * @param views the SQL of the views it reads
   */
  public KeyedView keyedView(
      String sql,
      List<String> uniqueKey,
      Map<TableName, List<String>> tables,
      Map<TableName, String> views) {
    references(sql);
    return new ViewAnalysis(uniqueKey, tables, views, parser).of(sql);
  }

  @Override
  public void close() {
    parser.close();
  }
}
