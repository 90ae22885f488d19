package io.millrace.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.lake.Lake;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableWriter;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import io.millrace.shop.Fate;
import io.millrace.shop.ShopEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;

/** Puts events of the simulated shop into the tables of their streams, as the stream job does. */
final class ShopRows {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lake lake;
  private long offset;

  ShopRows(Lake lake) {
    this.lake = lake;
  }

  /** Adds those of the events that a table of the stream is for. */
  void append(StreamContract contract, Fate fate, List<ShopEvent> events) throws IOException {
    TableName name =
        fate == Fate.LATE ? TableName.late(contract.name()) : TableName.bronze(contract.name());
    List<Field> columns = Schemas.tables(contract).get(name);
    Table table = lake.load(name);
    AppendFiles append = table.newAppend();
    try (TableWriter writer = new TableWriter(table, columns)) {
      for (ShopEvent event : events) {
        if (event.stream().toString().equals(contract.name()) && event.fate() == fate) {
          writer.write(row(contract, JSON.readTree(event.json()), columns.size()));
        }
      }
      writer.complete().forEach(append::appendFile);
    }
    append.commit();
  }

  private ValueRow row(StreamContract contract, JsonNode event, int columns) {
    List<Object> values = new ArrayList<>(values(contract.fields(), event));
    values.add(micros(event.get("event_time")));
    values.add(0L);
    values.add(offset++);
    while (values.size() < columns) {
      values.add(ValueRow.utf8("late"));
    }
    return ValueRow.of(values.toArray());
  }

  private static List<Object> values(List<Field> fields, JsonNode of) {
    List<Object> values = new ArrayList<>();
    for (Field field : fields) {
      values.add(of.hasNonNull(field.name()) ? value(field.type(), of.get(field.name())) : null);
    }
    return values;
  }

  private static Object value(Type type, JsonNode value) {
    if (type instanceof Type.Struct struct) {
      return ValueRow.of(values(struct.fields(), value).toArray());
    }
    if (type instanceof Type.Decimal decimal) {
      return value.decimalValue().movePointRight(decimal.scale()).longValueExact();
    }
    return switch ((Type.Scalar) type) {
      case STRING -> ValueRow.utf8(value.asText());
      case BOOLEAN -> value.asBoolean() ? 1L : 0L;
      case INT, LONG -> value.asLong();
      case TIMESTAMP -> micros(value);
      case UUID -> {
        UUID id = UUID.fromString(value.asText());
        yield ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
      }
      case DOUBLE, DATE, BINARY -> throw new IllegalStateException("the shop sends no " + type);
    };
  }

  private static long micros(JsonNode time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time.asText()));
  }
}
