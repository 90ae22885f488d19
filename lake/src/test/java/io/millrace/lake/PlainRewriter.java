package io.millrace.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** Stands in for an engine with Iceberg's own reader and writer; it does not sort. */
class PlainRewriter implements Rewriter {

  @Override
  public List<DataFile> rewrite(Table table, List<DataFile> files, SortOrder order) {
    List<Record> rows = new ArrayList<>();
    Schema schema = table.schema();
    try {
      for (DataFile file : files) {
        try (CloseableIterable<Record> records =
            Parquet.read(table.io().newInputFile(file.location()))
                .project(schema)
                .createReaderFunc(message -> GenericParquetReaders.buildReader(schema, message))
                .build()) {
          records.forEach(rows::add);
        }
      }
      return List.of(write(table, files.get(0), rows, order));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DataFile write(Table table, DataFile like, List<Record> rows, SortOrder order)
      throws IOException {
    PartitionSpec spec = table.specs().get(like.specId());
    String name = UUID.randomUUID() + ".parquet";
    DataWriter<Record> writer =
        Parquet.writeData(
                table
                    .io()
                    .newOutputFile(
                        table.locationProvider().newDataLocation(spec, like.partition(), name)))
            .forTable(table)
            .withSpec(spec)
            .withPartition(like.partition())
            .withSortOrder(order)
            .createWriterFunc(GenericParquetWriter::create)
            .build();
    try (writer) {
      rows.forEach(writer::write);
    }
    return writer.toDataFile();
  }
}
