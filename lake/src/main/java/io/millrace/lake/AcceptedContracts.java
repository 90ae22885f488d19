package io.millrace.lake;

import io.millrace.core.MetadataTables;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contracts that were accepted, every version of each. They are what a running project goes by:
 * a file that is edited changes nothing before it is accepted, whatever process starts again
 * meanwhile.
 */
public final class AcceptedContracts implements AutoCloseable {

  private final MetadataTables database;
  private final InstantSource clock;

  private AcceptedContracts(MetadataTables database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Opens the metadata database.
   *
   * @param metadata {@link io.millrace.core.DataDirectory#metadata()}
   */
  public static AcceptedContracts open(Path metadata, InstantSource clock) {
    return new AcceptedContracts(
        MetadataTables.open(
            metadata, "the accepted contracts", AcceptedContracts.class, "contracts.sql"),
        clock);
  }

  /** The project with its contracts as they were accepted. */
  public static Project inForce(Project project, Path metadata) {
    try (AcceptedContracts contracts = open(metadata, InstantSource.system())) {
      return contracts.inForce(project);
    }
  }

  /** The same; before anything was accepted the files are what there is. */
  Project inForce(Project project) {
    SortedMap<String, StreamContract> accepted = accepted();
    if (accepted.isEmpty()) {
      return project;
    }
    accepted.keySet().retainAll(project.streams().keySet());
    return project.withStreams(accepted);
  }

  /** The last accepted contract of each stream, also of those that the project no longer has. */
  public SortedMap<String, StreamContract> accepted() {
    SortedMap<String, StreamContract> accepted = new TreeMap<>();
    database
        .select(
            AcceptedContracts::contract,
            "SELECT stream, max(version) AS version, definition FROM contracts GROUP BY stream")
        .forEach(contract -> accepted.put(contract.name(), contract));
    return accepted;
  }

  private static StreamContract contract(ResultSet row) throws SQLException {
    return ProjectReader.contract(row.getString("stream"), row.getString("definition"))
        .withVersion(row.getInt("version"));
  }

  /** Accepts contracts of a project, each as the next version of its stream; all or none. */
  public void accept(Path project, Collection<StreamContract> contracts) {
    long now = MetadataTables.micros(clock.instant());
    database.together(
        it -> {
          for (StreamContract contract : contracts) {
            it.update(
                "INSERT INTO contracts SELECT ?, coalesce(max(version), 0) + 1, ?, ? FROM contracts WHERE stream = ?",
                contract.name(),
                definition(project, contract),
                now,
                contract.name());
          }
        });
  }

  private static String definition(Path project, StreamContract contract) {
    Path file = project.resolve("streams").resolve(contract.name() + ".yaml");
    try {
      String text = Files.readString(file);
      if (!ProjectReader.contract(contract.name(), text)
          .withVersion(contract.version())
          .equals(contract)) {
        throw MillraceException.caller(
            "Cannot accept %s: the file was changed while it was judged; try again"
                .formatted(file));
      }
      return text;
    } catch (IOException e) {
      throw MillraceException.world("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
