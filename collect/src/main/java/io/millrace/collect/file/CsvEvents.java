package io.millrace.collect.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.Csv;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A row of a CSV file as an event: the cells of the columns that the contract names, written as
 * JSON of their fields' types. Nothing is repaired: a cell that is not of its type goes as a
 * string, and a row of another length than the header as an array, and the decoder rejects them.
 */
final class CsvEvents implements Events {

  private static final byte[] NULL_NAME = {};

  private final Path file;
  private final Iterator<CsvRecord> records;
  private final int width;
  private final byte[][] names;
  private final Cell[] cells;

  private CsvEvents(Path file, Iterator<CsvRecord> records, byte[][] names, Cell[] cells) {
    this.file = file;
    this.records = records;
    this.width = names.length;
    this.names = names;
    this.cells = cells;
  }

  /** Reads the header and finds the contract's columns in it. */
  static CsvEvents open(Path file, InputStream in, StreamContract contract) {
    Csv csv =
        contract
            .csv()
            .orElseThrow(
                () ->
                    MillraceException.caller(
                        "Cannot read %s: the contract of stream '%s' does not say how CSV becomes events; give it a csv section"
                            .formatted(file, contract.name())));
    // One character for each byte, so that bytes that are not UTF-8 reach the decoder as they are
    // and only their rows are rejected.
    Iterator<CsvRecord> records =
        CsvReader.builder()
            .fieldSeparator(csv.delimiter())
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(in, ISO_8859_1)
            .iterator();
    List<String> header = header(file, records);
    requireColumns(file, csv, header);
    byte[][] names = new byte[header.size()][];
    Cell[] cells = new Cell[header.size()];
    for (int i = 0; i < names.length; i++) {
      String field = csv.columns().get(header.get(i));
      names[i] = field == null ? NULL_NAME : ("\"" + field + "\":").getBytes(UTF_8);
      cells[i] = field == null ? Cell.TEXT : Cell.of(contract.field(field).type(), csv);
    }
    return new CsvEvents(file, records, names, cells);
  }

  private static List<String> header(Path file, Iterator<CsvRecord> records) {
    if (!hasNext(file, records)) {
      throw MillraceException.caller(
          "Cannot read %s: it is empty, and a CSV file starts with its column names"
              .formatted(file));
    }
    return records.next().getFields().stream()
        .map(name -> new String(name.getBytes(ISO_8859_1), UTF_8))
        .toList();
  }

  private static void requireColumns(Path file, Csv csv, List<String> header) {
    List<String> wrong = new ArrayList<>();
    csv.columns().keySet().stream()
        .sorted()
        .forEach(
            column -> {
              long times = header.stream().filter(column::equals).count();
              if (times == 0) {
                wrong.add("column '%s' is missing%s".formatted(column, nearest(column, header)));
              } else if (times > 1) {
                wrong.add("column '%s' is there %d times".formatted(column, times));
              }
            });
    if (!wrong.isEmpty()) {
      throw MillraceException.caller(
          "Cannot read %s:1 with delimiter '%s': %s"
              .formatted(file, csv.delimiter(), String.join(", ", wrong)));
    }
  }

  private static String nearest(String column, List<String> header) {
    return NearMatch.among(header, column).map(near -> " (there is '" + near + "')").orElse("");
  }

  @Override
  public Batch.Framing framing() {
    return Batch.Framing.LINES;
  }

  @Override
  public void fill(Batch batch) {
    while (!batch.isFull() && hasNext(file, records)) {
      CsvRecord record = records.next();
      batch.begin();
      if (record.getFieldCount() == width) {
        object(record, batch);
        batch.end(record.getStartingLineNumber());
      } else {
        array(record, batch);
        batch.end(record.getStartingLineNumber());
        batch.remark(
            "the row has %d cells and the header has %d".formatted(record.getFieldCount(), width));
      }
    }
  }

  private void object(CsvRecord record, Batch batch) {
    char separator = '{';
    for (int i = 0; i < width; i++) {
      String cell = record.getField(i);
      if (names[i] != NULL_NAME && !cell.isEmpty()) {
        batch.put(separator);
        batch.put(names[i]);
        cells[i].write(cell, batch);
        separator = ',';
      }
    }
    if (separator == '{') {
      batch.put('{');
    }
    batch.put('}');
  }

  private static void array(CsvRecord record, Batch batch) {
    for (int i = 0; i < record.getFieldCount(); i++) {
      batch.put(i == 0 ? '[' : ',');
      Cell.TEXT.write(record.getField(i), batch);
    }
    batch.put(']');
  }

  private static boolean hasNext(Path file, Iterator<CsvRecord> records) {
    try {
      return records.hasNext();
    } catch (CsvParseException e) {
      throw MillraceException.caller(
          "Cannot read %s as CSV: %s; is a quote missing?".formatted(file, e.getMessage()), e);
    }
  }
}
