package io.millrace.engine;

import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import io.millrace.lake.FieldNames;
import io.millrace.lake.LocalCopies;
import io.millrace.lake.ParquetFooter;
import io.millrace.lake.Rewriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortField;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;

/** Rewrites data files with DuckDB, on one thread, because what calls it counts its time. */
public final class DuckDbRewriter implements Rewriter {

  private final long memoryBytes;
  private final Path temporary;

  /**
   * @param memoryBytes beyond it a sort spills to disk
   * @param temporary a folder for what does not fit into memory
   */
  public DuckDbRewriter(long memoryBytes, Path temporary) {
    this.memoryBytes = memoryBytes;
    this.temporary = temporary;
  }

  @Override
  public List<DataFile> rewrite(Table table, List<DataFile> files, SortOrder order) {
    PartitionSpec spec = table.specs().get(files.get(0).specId());
    StructLike partition = files.get(0).partition();
    String name = UUID.randomUUID() + ".parquet";
    Path target =
        LocalCopies.target(
            table,
            spec.isUnpartitioned()
                ? table.locationProvider().newDataLocation(name)
                : table.locationProvider().newDataLocation(spec, partition, name));
    try {
      copy(statement(table, files, order, target.toString()), target);
      return List.of(ParquetFooter.dataFile(table, spec, partition, order, target.toString()));
    } catch (MillraceException e) {
      table.io().deleteFile(target.toString());
      throw e;
    }
  }

  private static String statement(
      Table table, List<DataFile> files, SortOrder order, String target) {
    Schema schema = table.schema();
    String scan = TableViews.scan(schema, FieldNames.of(table), LocalCopies.of(table, files));
    String sorted = order.isSorted() ? scan + " ORDER BY " + columns(schema, order) : scan;
    long bytes = files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
    long rows = files.stream().mapToLong(DataFile::recordCount).sum();
    return ParquetCopy.statement(sorted, schema, bytes / Math.max(1, rows), target);
  }

  private static String columns(Schema schema, SortOrder order) {
    return order.fields().stream()
        .map(field -> column(schema, field))
        .collect(Collectors.joining(", "));
  }

  private static String column(Schema schema, SortField field) {
    if (!field.transform().isIdentity()) {
      throw new IllegalArgumentException("a sort by " + field.transform());
    }
    String path =
        Arrays.stream(schema.findColumnName(field.sourceId()).split("\\."))
            .map(Quoted::name)
            .collect(Collectors.joining("."));
    return "%s %s %s".formatted(path, field.direction(), nulls(field));
  }

  private static String nulls(SortField field) {
    return switch (field.nullOrder()) {
      case NULLS_FIRST -> "NULLS FIRST";
      case NULLS_LAST -> "NULLS LAST";
    };
  }

  private void copy(String sql, Path target) {
    Path spill = temporary.resolve(UUID.randomUUID().toString());
    try {
      Files.createDirectories(target.getParent());
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings(spill));
          Statement statement = connection.createStatement()) {
        statement.execute("SET TimeZone = 'UTC'");
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw MillraceException.world("Cannot rewrite into " + target + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw MillraceException.world("Cannot make a folder for " + target + ": " + e, e);
    } finally {
      DuckDbSession.deleteFolder(spill);
    }
  }

  private Properties settings(Path spill) {
    long spillBytes = DuckDbSession.spillBytes(temporary);
    Properties settings = new Properties();
    settings.setProperty("memory_limit", memoryBytes + "B");
    settings.setProperty("threads", "1");
    settings.setProperty("temp_directory", spill.toString());
    settings.setProperty("max_temp_directory_size", spillBytes + "B");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("autoinstall_known_extensions", "false");
    return settings;
  }
}
