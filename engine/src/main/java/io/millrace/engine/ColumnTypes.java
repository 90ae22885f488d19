package io.millrace.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Reads the names DuckDB gives its types, as types of a table's columns: {@code STRUCT(a INTEGER, b
 * DECIMAL(9,2)[])}. What a table cannot hold as it is becomes the smallest type that holds it.
 */
final class ColumnTypes {

  /** A type no table can have. */
  static final class Unknown extends Exception {
    private static final long serialVersionUID = 1L;

    Unknown(String message) {
      super(message);
    }
  }

  private static final int MOST_DIGITS = 38;
  private static final int UBIGINT_DIGITS = 20;
  private static final Set<String> KEYS =
      Set.of("VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DATE", "UUID", "BOOLEAN");

  private final String text;
  private final IntSupplier ids;
  private int at;

  private ColumnTypes(String text, IntSupplier ids) {
    this.text = text;
    this.ids = ids;
  }

  /**
   * The type of a column.
   *
   * @param ids the ids of the fields inside it
   * @throws Unknown with what it is and what to do: {@code INTERVAL; ...}
   */
  static Type of(String name, IntSupplier ids) throws Unknown {
    ColumnTypes reading = new ColumnTypes(name, ids);
    Type type = reading.type();
    if (reading.at != name.length()) {
      throw reading.unknown(name);
    }
    return type;
  }

  private Type type() throws Unknown {
    String word = word();
    Type type =
        switch (word) {
          case "STRUCT" -> struct();
          case "MAP" -> map();
          case "DECIMAL" -> decimal();
          case "ENUM" -> string();
          default -> scalar(word);
        };
    while (peek() == '[') {
      at = text.indexOf(']', at) + 1;
      type = Types.ListType.ofOptional(ids.getAsInt(), type);
    }
    return type;
  }

  private Type scalar(String word) throws Unknown {
    return switch (word) {
      case "BOOLEAN" -> Types.BooleanType.get();
      case "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT" -> Types.IntegerType.get();
      case "BIGINT", "UINTEGER" -> Types.LongType.get();
      case "UBIGINT" -> Types.DecimalType.of(UBIGINT_DIGITS, 0);
      case "HUGEINT", "UHUGEINT" -> Types.DecimalType.of(MOST_DIGITS, 0);
      case "FLOAT" -> Types.FloatType.get();
      case "DOUBLE" -> Types.DoubleType.get();
      case "VARCHAR", "JSON" -> Types.StringType.get();
      case "BLOB" -> Types.BinaryType.get();
      case "UUID" -> Types.UUIDType.get();
      case "DATE" -> Types.DateType.get();
      case "TIME" -> Types.TimeType.get();
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" ->
          Types.TimestampType.withoutZone();
      case "TIMESTAMP WITH TIME ZONE" -> Types.TimestampType.withZone();
      default -> throw unknown(word);
    };
  }

  private Unknown unknown(String type) {
    String remedy =
        switch (type) {
          case "INTERVAL" -> "use epoch(...) to store seconds";
          case "\"NULL\"" -> "use CAST(NULL AS VARCHAR), or the type it is to have";
          case "UNION" -> "use a STRUCT with a field for each member";
          case "TIME WITH TIME ZONE" -> "use CAST(... AS TIME)";
          default -> "use CAST to give it another";
        };
    return new Unknown("the type %s, which no table can hold; %s".formatted(type, remedy));
  }

  private Type struct() throws Unknown {
    List<Types.NestedField> fields = new ArrayList<>();
    do {
      at++;
      skipSpace();
      String name = name();
      skipSpace();
      int id = ids.getAsInt();
      fields.add(Types.NestedField.optional(id, name, type()));
    } while (peek() == ',');
    at++;
    return Types.StructType.of(fields);
  }

  private Type map() throws Unknown {
    at++;
    int start = at;
    int key = ids.getAsInt();
    int value = ids.getAsInt();
    Type keys = type();
    if (!KEYS.contains(text.substring(start, at))) {
      throw new Unknown(
          "a MAP with keys of type %s; use a LIST of STRUCTs".formatted(text.substring(start, at)));
    }
    at++;
    skipSpace();
    Type values = type();
    at++;
    return Types.MapType.ofOptional(key, value, keys, values);
  }

  private Type decimal() {
    int comma = text.indexOf(',', at);
    int end = text.indexOf(')', at);
    int digits = Integer.parseInt(text.substring(at + 1, comma));
    int scale = Integer.parseInt(text.substring(comma + 1, end));
    at = end + 1;
    return Types.DecimalType.of(digits, scale);
  }

  /** Its values are in parentheses, and any of them may hold one. */
  private Type string() {
    boolean quoted = false;
    do {
      quoted ^= peek() == '\'';
      at++;
    } while (quoted || text.charAt(at - 1) != ')');
    return Types.StringType.get();
  }

  /** The name of a type, which may be of several words. */
  private String word() {
    int start = at;
    while ("(),[".indexOf(peek()) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private String name() throws Unknown {
    int start = at;
    if (peek() != '"') {
      at = text.indexOf(' ', at);
      return text.substring(start, at);
    }
    StringBuilder name = new StringBuilder();
    for (at++; ; at++) {
      if (peek() == '"') {
        at++;
        if (peek() != '"') {
          return name.toString();
        }
      }
      name.append(peek());
    }
  }

  private void skipSpace() {
    while (peek() == ' ') {
      at++;
    }
  }

  /** The next character; at the end one that ends every word. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : ')';
  }
}
