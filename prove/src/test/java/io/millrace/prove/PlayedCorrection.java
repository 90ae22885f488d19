package io.millrace.prove;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.lake.Correction;
import io.millrace.lake.CorrectionBranch;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.LoadedFile;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.lake.TableWriter;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;

/** Stands in for what makes corrections: puts one row of bronze in the place of another. */
record PlayedCorrection(StreamContract contract, Lake lake, DataDirectory data) {

  /**
   * Proposes it.
   *
   * @param corrects commits that have accepted each of their offsets
   * @param corrected has the offset of the row it replaces
   */
  void propose(Corrected corrects, long offset, Row corrected) {
    List<Field> columns = Schemas.bronze(contract);
    CorrectionBranch branch = lake.correct(contract.bronze());
    TableWriter writer = new TableWriter(branch.table(), columns);
    Fingerprint fingerprintOf = Fingerprint.over(branch.table(), columns);
    List<Row> others = new ArrayList<>();
    List<DataFile> removed = new ArrayList<>();
    for (DataFile file : branch.files()) {
      List<Row> held = new ArrayList<>();
      TableReader.forEach(branch.table(), file, columns, held::add);
      if (held.removeIf(row -> offsetOf(row) == offset)) {
        removed.add(file);
        held.forEach(writer::write);
      }
      others.addAll(held);
    }
    writer.write(corrected);
    List<LedgerEntry> entries = entries(corrects);
    long from = entries.get(0).ranges().get(0).from();
    long to = entries.get(entries.size() - 1).ranges().get(0).to();
    long sum =
        others.stream()
            .filter(row -> offsetOf(row) >= from && offsetOf(row) < to)
            .mapToLong(fingerprintOf::of)
            .reduce(fingerprintOf.of(corrected), Long::sum);
    long tip = branch.stage(removed, writer.complete());
    Correction correction =
        new Correction(
            contract.name(),
            corrects,
            List.of(new Range(contract.topic(), 0, from, to, to - from, 0, 0, 0, 0)),
            List.of(new Part(contract.bronze(), to - from, sum, tip)));
    try (Ledger ledger = Ledger.open(data.metadata())) {
      if (!ledger.propose(correction)) {
        throw new IllegalStateException("another one waits");
      }
    }
  }

  /** On the topic; lines of files have none. */
  private static long offsetOf(Row row) {
    boolean loaded = LoadedFile.isPartition((int) row.longAt(row.size() - 2));
    return loaded ? -1 : row.longAt(row.size() - 1);
  }

  private List<LedgerEntry> entries(Corrected commits) {
    try (Ledger ledger = Ledger.open(data.metadata())) {
      return ledger.between(contract.name(), commits.first() - 1, commits.last()).stream()
          .filter(LedgerEntry::isFromTopics)
          .toList();
    }
  }
}
