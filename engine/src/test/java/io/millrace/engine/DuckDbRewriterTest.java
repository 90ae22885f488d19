package io.millrace.engine;

import static io.millrace.engine.SmallLake.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.lake.DataFiles;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.lake.TableWriter;
import io.millrace.project.Field;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbRewriterTest {

  @TempDir Path folder;
  private SmallLake lake;
  private DuckDbRewriter rewriter;

  @BeforeEach
  void open() {
    lake = SmallLake.withClicks(folder);
    rewriter = new DuckDbRewriter(256L << 20, folder.resolve("tmp"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void rowsOfEveryTypeStayWhatTheyWere() {
    lake.append(SmallLake::full, 1, 2);
    lake.append(record -> {}, 3);
    Table table = lake.lake.load(CLICKS);

    List<DataFile> written = rewriter.rewrite(table, files(table), SortOrder.unsorted());

    assertThat(written).hasSize(1);
    assertThat(written.get(0).recordCount()).isEqualTo(3);
    assertThat(fingerprint(table, written)).isEqualTo(fingerprint(table, files(table)));
    assertThat(written.get(0).partition().toString())
        .isEqualTo(files(table).get(0).partition().toString());
  }

  @Test
  void boundsAndCountsAreThoseIcebergWrites() {
    lake.append(SmallLake::full, 5, 9);
    Table table = lake.lake.load(CLICKS);
    DataFile old = files(table).get(0);

    DataFile written = rewriter.rewrite(table, List.of(old), SortOrder.unsorted()).get(0);

    for (Types.NestedField column : table.schema().columns()) {
      int id = column.fieldId();
      if (column.type().isPrimitiveType()) {
        assertThat(written.valueCounts().get(id)).as(column.name()).isEqualTo(2);
        assertThat(bound(written, column)).as(column.name()).isEqualTo(bound(old, column));
      }
    }
    assertThat(written.nullValueCounts()).containsAllEntriesOf(old.nullValueCounts());
  }

  @Test
  void filesFromBeforeTheContractChangedReadAsTheTableIsNow() {
    lake.append(SmallLake::full, 1);
    List<Field> evolved = new ArrayList<>(SmallLake.FIELDS);
    evolved.set(3, Field.optional("quantity", Scalar.LONG));
    evolved.set(4, Field.optional("amount", new Type.Decimal(20, 2)));
    evolved.set(
        8,
        Field.optional(
            "item",
            new Type.Struct(
                List.of(
                    Field.optional("colour", Scalar.STRING),
                    Field.required("product_id", Scalar.STRING),
                    Field.optional("price", new Type.Decimal(9, 2)),
                    Field.optional("seen", Scalar.TIMESTAMP),
                    Field.optional("sku", Scalar.UUID)))));
    evolved.add(0, Field.optional("channel", Scalar.STRING));
    lake.lake.prepare(SmallLake.clicks(evolved));
    lake.append(record -> record.setField("quantity", 1L << 40), 2);
    Table table = lake.lake.load(CLICKS);

    List<DataFile> written = rewriter.rewrite(table, files(table), SortOrder.unsorted());

    assertThat(fingerprint(table, written)).isEqualTo(fingerprint(table, files(table)));
  }

  @Test
  void bytesOfRejectedEventsStayWhatTheyWere() throws IOException {
    TableName name = TableName.rejected("clicks");
    Table table = lake.lake.load(name);
    byte[] payload = {0, (byte) 0xff, '"', '\'', (byte) 0xc3};
    AppendFiles append = table.newAppend();
    try (TableWriter writer = new TableWriter(table, Schemas.rejected())) {
      writer.write(
          ValueRow.of(
              ValueRow.utf8("not_json"),
              null,
              null,
              payload,
              0L,
              null,
              ValueRow.utf8("c"),
              0L,
              1L));
      writer.write(
          ValueRow.of(
              ValueRow.utf8("empty"), null, null, null, 0L, null, ValueRow.utf8("c"), 0L, 2L));
      writer.complete().forEach(append::appendFile);
    }
    append.commit();

    List<DataFile> written = rewriter.rewrite(table, files(table), SortOrder.unsorted());

    assertThat(fingerprint(table, written)).isEqualTo(fingerprint(table, files(table)));
  }

  @Test
  void rowsOfASortedFileComeInOrder() {
    lake.append(record -> record.setField("user_id", "b"), 3, 1);
    lake.append(record -> record.setField("user_id", "a"), 2, 4);
    Table table = lake.lake.load(CLICKS);
    SortOrder order =
        SortOrder.builderFor(table.schema()).asc("user_id").desc("topic_offset").build();

    List<DataFile> written = rewriter.rewrite(table, files(table), order);

    List<Long> offsets = new ArrayList<>();
    List<Field> columns = List.of(Field.required("topic_offset", Scalar.LONG));
    TableReader.forEach(table, written.get(0), columns, row -> offsets.add(row.longAt(0)));
    assertThat(offsets).containsExactly(4L, 2L, 3L, 1L);
  }

  @Test
  void leavesNothingBehindWhenItFails() throws IOException {
    lake.append(record -> {}, 1);
    Table table = lake.lake.load(CLICKS);
    List<DataFile> files = files(table);
    Files.writeString(Path.of(files.get(0).location()), "damaged");

    assertThatThrownBy(() -> rewriter.rewrite(table, files, SortOrder.unsorted()))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("Cannot rewrite into " + folder)
        .hasMessageContaining(files.get(0).location());

    try (Stream<Path> left = Files.walk(Path.of(files.get(0).location()).getParent())) {
      assertThat(left.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  private static Object bound(DataFile file, Types.NestedField column) {
    return file.lowerBounds().containsKey(column.fieldId())
        ? Conversions.fromByteBuffer(column.type(), file.lowerBounds().get(column.fieldId()))
        : null;
  }

  private static long fingerprint(Table table, List<DataFile> files) {
    List<Field> columns = Schemas.columns(table.schema());
    Fingerprint fingerprint = Fingerprint.over(columns);
    long[] sum = {0};
    files.forEach(
        file -> TableReader.forEach(table, file, columns, row -> sum[0] += fingerprint.of(row)));
    return sum[0];
  }

  private static List<DataFile> files(Table table) {
    return DataFiles.of(table.newScan().includeColumnStats());
  }
}
