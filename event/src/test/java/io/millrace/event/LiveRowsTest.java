package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.Row;
import io.millrace.core.ValueRow;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveRowsTest {

  private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  private static final long TIME = 1_772_366_400_000_001L;

  @Test
  void aRowIsItsKeyItsVersionAndItsColumnsAsJson() {
    LiveRows rows =
        rows(
            "id",
            Field.optional("text", Scalar.STRING),
            Field.optional("flag", Scalar.BOOLEAN),
            Field.optional("share", Scalar.DOUBLE),
            Field.optional("money", new Type.Decimal(12, 2)),
            Field.optional("wide", new Type.Decimal(38, 10)),
            Field.optional("day", Scalar.DATE),
            Field.optional("raw", Scalar.BINARY),
            Field.optional("tags", new Type.ListOf(Scalar.STRING)),
            Field.optional(
                "item",
                new Type.Struct(
                    List.of(
                        Field.optional("name", Scalar.STRING),
                        Field.optional("count", Scalar.INT)))),
            Field.optional("none", Scalar.STRING));

    LiveRow row =
        rows.of(
            row(
                uuid(ID),
                ValueRow.utf8("a \"b\"\\\n\u0001 \uD83D\uDE00"),
                1L,
                0.5,
                -1050L,
                new BigDecimal("12345678901234567890.0000000001"),
                19_783L,
                new byte[] {0, -1, 2},
                ValueRow.of(ValueRow.utf8("x"), null),
                ValueRow.of(null, 3L),
                null));

    assertThat(row.key()).isEqualTo(ID.toString());
    assertThat(row.version()).isEqualTo(new LiveRow.Version(TIME, 3, 42));
    assertThat(row.json().orElseThrow())
        .isEqualTo(
            """
            {"at":"2026-03-01T12:00:00.000001Z","id":"00112233-4455-6677-8899-aabbccddeeff",\
            "text":"a \\"b\\"\\\\\\n\\u0001 \uD83D\uDE00","flag":true,"share":0.5,"money":-10.50,\
            "wide":12345678901234567890.0000000001,"day":"2024-03-01","raw":"AP8C",\
            "tags":["x",null],"item":{"count":3},"received":"2026-03-01T12:00:00.000001Z",\
            "topic_partition":3,"topic_offset":42}""");
  }

  @Test
  void aKeyIsTheTextOfItsValue() {
    assertThat(rows("n", Field.required("n", Scalar.LONG)).key(row(-7L))).isEqualTo("-7");
    assertThat(rows("s", Field.required("s", Scalar.STRING)).key(row((Object) new byte[0])))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2,0,0, 1,9,9", "1,1,0, 1,0,9", "1,1,2, 1,1,1", "0,0,0, -1,0,0"})
  void theLaterEventIsTheNewerOneAndThenTheOneBehindItOnTheTopic(
      long time, int partition, long offset, long time2, int partition2, long offset2) {
    LiveRow.Version newer = new LiveRow.Version(time, partition, offset);
    LiveRow.Version older = new LiveRow.Version(time2, partition2, offset2);
    assertThat(newer).isGreaterThan(older);
    ByteBuffer bytes = ByteBuffer.allocate(LiveRow.Version.BYTES);
    newer.write(bytes);
    assertThat(LiveRow.Version.read(bytes.flip())).isEqualTo(newer);
  }

  private static Row row(Object... own) {
    List<Object> values = new ArrayList<>(List.of(TIME));
    for (Object value : own) {
      values.add(value);
    }
    values.addAll(List.of(TIME, 3L, 42L));
    return ValueRow.of(values.toArray());
  }

  private static byte[] uuid(UUID id) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  /**
   * Of rows with a time, these fields, an id if none of them is the key, and where they are from.
   */
  private static LiveRows rows(String live, Field... own) {
    List<Field> fields = new ArrayList<>(List.of(Field.required("at", Scalar.TIMESTAMP)));
    if (live.equals("id")) {
      fields.add(Field.required("id", Scalar.UUID));
    }
    fields.addAll(List.of(own));
    List<Field> columns = new ArrayList<>(fields);
    columns.add(Field.required(StreamContract.RECEIVED, Scalar.TIMESTAMP));
    columns.add(Field.required(StreamContract.TOPIC_PARTITION, Scalar.INT));
    columns.add(Field.required(StreamContract.TOPIC_OFFSET, Scalar.LONG));
    StreamContract contract =
        new StreamContract(
            "things",
            "",
            "",
            1,
            live,
            new EventId.Derived(List.of(live)),
            "at",
            Duration.ZERO,
            Duration.ofMinutes(1),
            4,
            new StreamContract.Layout.Day("at"),
            StreamContract.Evolution.BACKWARD,
            20,
            fields,
            Optional.empty(),
            Optional.of(live),
            Optional.empty());
    return new LiveRows(contract, columns);
  }
}
