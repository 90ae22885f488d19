package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.millrace.core.MillraceException;
import io.millrace.engine.Rows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a query that the server runs, read as they come. */
final class RemoteRows implements Rows {

  private final Server.Lines lines;
  private final List<Column> columns = new ArrayList<>();
  private JsonNode row;

  RemoteRows(Server.Lines lines) {
    this.lines = lines;
    for (JsonNode it : lines.next().get("columns")) {
      columns.add(new Column(it.get("name").asText(), it.get("type").asText()));
    }
  }

  @Override
  public List<Column> columns() {
    return List.copyOf(columns);
  }

  @Override
  public boolean next() {
    if (!lines.hasNext()) {
      throw MillraceException.world("Cannot read all rows: the server ended the answer early");
    }
    row = lines.next();
    return row.isArray();
  }

  @Override
  public Object value(int column) {
    return plain(row.get(column));
  }

  private static Object plain(JsonNode value) {
    if (value.getNodeType() == JsonNodeType.NULL) {
      return null;
    } else if (value.isBoolean()) {
      return value.booleanValue();
    } else if (value.isIntegralNumber()) {
      return value.numberValue();
    } else if (value.isNumber()) {
      return new BigDecimal(value.asText());
    } else if (value.isObject()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      value.properties().forEach(it -> fields.put(it.getKey(), plain(it.getValue())));
      return fields;
    } else if (value.isArray()) {
      List<Object> elements = new ArrayList<>();
      value.forEach(it -> elements.add(plain(it)));
      return elements;
    }
    return value.asText();
  }

  @Override
  public void close() {
    lines.close();
  }
}
