package io.millrace.lake;

import static org.apache.iceberg.SnapshotRef.MAIN_BRANCH;

import io.millrace.core.DataDirectory;
import io.millrace.core.MetadataDatabase;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/**
 * The Iceberg tables of a project and the catalog that names them. Safe for several threads, and
 * for several processes on one data directory.
 */
public final class Lake implements AutoCloseable {

  static final String CATALOG = "millrace";
  private static final List<String> LAYERS =
      List.of("bronze", "silver", "gold", "quarantine", "ops");
  private static final int MAX_ATTEMPTS = 20;

  /** Metadata grows with each commit, so little of it is kept; see {@link Upkeep} for the rest. */
  private static final Map<String, String> TABLE_PROPERTIES =
      Map.of(
          TableProperties.FORMAT_VERSION, "2",
          TableProperties.PARQUET_COMPRESSION, "zstd",
          TableProperties.PARQUET_COMPRESSION_LEVEL, "1",
          TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
          TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20",
          TableProperties.COMMIT_NUM_RETRIES, "20",
          TableProperties.COMMIT_MIN_RETRY_WAIT_MS, "20",
          TableProperties.COMMIT_MAX_RETRY_WAIT_MS, "2000");

  private final JdbcCatalog catalog;
  private final LakeFiles files;
  private final Pins pins;

  private Lake(JdbcCatalog catalog, LakeFiles files, Pins pins) {
    this.catalog = catalog;
    this.files = files;
    this.pins = pins;
  }

  /** Opens the lake of a data directory, making its catalog if it has none. */
  public static Lake open(DataDirectory data) {
    return open(data, files -> new JdbcCatalog(properties -> files, null, true));
  }

  /** On a catalog that is not initialized yet, such as one that loses answers. */
  static Lake open(DataDirectory data, Function<LakeFiles, JdbcCatalog> catalogs) {
    Warehouse warehouse = Warehouse.of(data);
    LakeFiles files = warehouse.files(data);
    String url = MetadataDatabase.url(data.metadata());
    JdbcCatalog catalog =
        untilNobodyInterferes(
            "open the lake " + data.lake(),
            () -> initialized(catalogs.apply(files), url, warehouse.root(data)));
    return new Lake(catalog, files, new Pins(data.metadata(), files));
  }

  private static JdbcCatalog initialized(JdbcCatalog catalog, String url, String root) {
    try {
      catalog.initialize(
          CATALOG,
          Map.of(
              CatalogProperties.URI,
              url,
              CatalogProperties.WAREHOUSE_LOCATION,
              root,
              JdbcCatalog.PROPERTY_PREFIX + "schema-version",
              "V1"));
      for (String layer : LAYERS) {
        Namespace namespace = Namespace.of(layer);
        if (!catalog.namespaceExists(namespace)) {
          catalog.createNamespace(namespace, Map.of());
        }
      }
      return catalog;
    } catch (RuntimeException e) {
      catalog.close();
      throw e;
    }
  }

  /**
   * Makes the bronze and quarantine tables of a stream, or evolves those that exist: adds and
   * renames columns and widens types.
   *
   * @throws MillraceException if the contract asks for a change Iceberg refuses
   */
  public void prepare(StreamContract contract) {
    Schemas.tables(contract)
        .forEach(
            (name, columns) ->
                untilNobodyInterferes(
                    "prepare table " + name, () -> prepare(name, contract, columns)));
  }

  /**
   * What {@link #prepare} would do, in words; nothing if it has been done.
   *
   * @throws MillraceException if the contract asks for a change Iceberg refuses
   */
  public List<String> plan(StreamContract contract) {
    List<String> steps = new ArrayList<>();
    Schemas.tables(contract)
        .forEach(
            (name, columns) ->
                find(name)
                    .ifPresentOrElse(
                        table ->
                            SchemaChange.of(name, table, columns)
                                .steps()
                                .forEach(step -> steps.add(name + ": " + step)),
                        () -> steps.add("make " + name)));
    return steps;
  }

  /** Whether every table of a stream has the columns that its contract wants. */
  public boolean isPrepared(StreamContract contract) {
    return Schemas.tables(contract).entrySet().stream()
        .allMatch(
            entry ->
                find(entry.getKey())
                    .filter(
                        table -> SchemaChange.of(entry.getKey(), table, entry.getValue()).isEmpty())
                    .isPresent());
  }

  private Table prepare(TableName name, StreamContract contract, List<Field> columns) {
    if (!catalog.tableExists(identifier(name))) {
      Schema schema = Schemas.schema(columns);
      return catalog
          .buildTable(identifier(name), schema)
          .withPartitionSpec(Schemas.partitioning(name, contract, schema))
          .withSortOrder(Schemas.sorting(name, contract, schema))
          .withProperties(TABLE_PROPERTIES)
          .create();
    }
    Table table = load(name);
    SchemaChange.of(name, table, columns).commit();
    repartition(table, Schemas.partitioning(name, contract, table.schema()));
    sort(table, Schemas.sorting(name, contract, table.schema()));
    return table;
  }

  /** New rows follow the new layout; files already written keep theirs. */
  private static void repartition(Table table, PartitionSpec wanted) {
    if (table.spec().compatibleWith(wanted)) {
      return;
    }
    UpdatePartitionSpec update = table.updateSpec();
    table.spec().fields().forEach(field -> update.removeField(field.name()));
    wanted
        .fields()
        .forEach(
            field ->
                update.addField(
                    Expressions.transform(
                        table.schema().findColumnName(field.sourceId()), field.transform())));
    update.commit();
  }

  /** For files that upkeep writes from now on. */
  private static void sort(Table table, SortOrder wanted) {
    if (!table.sortOrder().sameOrder(wanted)) {
      ReplaceSortOrder update = table.replaceSortOrder();
      wanted.fields().forEach(field -> update.asc(table.schema().findColumnName(field.sourceId())));
      update.commit();
    }
  }

  /**
   * Repeats what another process made fail by doing the same at the same moment, until what it did
   * is found done.
   */
  static <T> T untilNobodyInterferes(String what, Callable<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.call();
      } catch (AlreadyExistsException | CommitFailedException | UncheckedSQLException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw MillraceException.world("Cannot " + what + ": " + e.getMessage(), e);
        }
      } catch (MillraceException e) {
        throw e;
      } catch (Exception e) {
        throw MillraceException.world("Cannot " + what + ": " + e.getMessage(), e);
      }
    }
  }

  /** A table as it is now, if there is one of this name. */
  public Optional<Table> find(TableName name) {
    try {
      return Optional.of(catalog.loadTable(identifier(name)));
    } catch (NoSuchTableException e) {
      return Optional.empty();
    }
  }

  /** Loads a table as it is now. */
  public Table load(TableName name) {
    try {
      return catalog.loadTable(identifier(name));
    } catch (NoSuchTableException e) {
      throw MillraceException.caller(
          "Cannot read table " + name + ": the lake has no table of this name", e);
    }
  }

  /**
   * All tables in one state: catalog and releases are read together, so the snapshots belong to
   * each other. A model that is not in the release that is meant has not been built, and is absent.
   *
   * @throws MillraceException if there is no such release, or its time or snapshots have expired
   */
  public SortedMap<TableName, PinnedTable> pin(AsOf asOf) {
    return pins.pin(asOf);
  }

  /** Sees to it that data files can be read by the paths that tables name them by. */
  public void fetch(Collection<String> paths) {
    files.fetch(paths);
  }

  /**
   * Begins to build the table of a model: makes it if there is none, brings its columns and layout
   * to what is wanted, and makes a branch at its main.
   *
   * @param columns of the SELECT, by name and in order; their ids are not looked at. Types are
   *     widened where Iceberg can; another type makes it another column
   * @param layout none if the table is not built by intervals
   * @param branch where to write; what killed builds have left is dropped, failed ones stay
   */
  public TableBuild build(
      TableName name, Schema columns, Optional<TableBuild.Layout> layout, String branch) {
    Table table =
        untilNobodyInterferes("prepare table " + name, () -> prepare(name, columns, layout));
    return TableBuild.begin(name, table, pins, branch);
  }

  private Table prepare(TableName name, Schema columns, Optional<TableBuild.Layout> layout) {
    if (!catalog.tableExists(identifier(name))) {
      Schema schema = ModelTable.schema(columns);
      ModelTable.create(
          catalog
              .buildTable(identifier(name), schema)
              .withPartitionSpec(ModelTable.spec(name, schema, layout))
              .withProperties(TABLE_PROPERTIES));
    }
    Table table = load(name);
    ModelTable.evolve(table, columns);
    repartition(table, ModelTable.spec(name, table.schema(), layout));
    return table;
  }

  /**
   * Makes an earlier snapshot what the next build goes on from.
   *
   * @throws MillraceException if the table does not have the snapshot any longer
   */
  public void rollBack(TableName name, long snapshot) {
    Table table = load(name);
    if (table.snapshot(snapshot) == null) {
      throw MillraceException.caller(
          "Cannot roll %s back to snapshot %d: it has expired, or there never was one of this id"
              .formatted(name, snapshot));
    }
    untilNobodyInterferes(
        "roll back " + name,
        () ->
            ModelTable.change(
                table, base -> ModelTable.branch(base, MAIN_BRANCH, snapshot).build()));
  }

  /**
   * Begins to correct a table of a stream, on a branch that starts where its main is; what was on
   * it before is dropped.
   */
  public CorrectionBranch correct(TableName name) {
    return CorrectionBranch.begin(name, load(name));
  }

  /** Takes away what corrections that ended have left, except where one waits to be committed. */
  public void dropCorrections(StreamContract contract, Ledger ledger) {
    if (ledger.proposed(contract.name()).isEmpty()) {
      Schemas.tables(contract)
          .keySet()
          .forEach(name -> find(name).ifPresent(table -> CorrectionBranch.drop(name, table)));
    }
  }

  /** The metadata file of each table, which is another one after each change of the table. */
  SortedMap<TableName, String> metadataFiles() {
    return pins.metadataFiles();
  }

  private static TableIdentifier identifier(TableName name) {
    return TableIdentifier.of(name.layer(), name.name());
  }

  @Override
  public void close() {
    try (files) {
      pins.close();
    } finally {
      catalog.close();
    }
  }
}
