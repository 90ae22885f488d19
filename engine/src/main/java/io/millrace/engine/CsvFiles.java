package io.millrace.engine;

import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** CSV files as DuckDB reads them: strictly, by the rules of RFC 4180. */
final class CsvFiles {

  private static final Pattern LINE =
      Pattern.compile("CSV Error on Line: (\\d+)\\s+(Original Line:[^\n]*\\s+)?([^\n]*)");

  private CsvFiles() {}

  static Path path(Input.Csv csv) {
    return csv.file().toAbsolutePath().normalize();
  }

  /**
   * The SELECT of its rows. Types are guessed from all of them, so that the last one cannot
   * disagree.
   *
   * @throws MillraceException if there is no first line
   */
  static String select(Input.Csv csv) {
    if (firstLine(csv).isBlank()) {
      throw cannotRead(csv, "its first line is empty; write the names of the columns there", null);
    }
    String types =
        csv.columnTypes().isEmpty() ? "" : ", types = {" + types(csv.columnTypes()) + "}";
    return "SELECT * FROM read_csv(%s, %s, skip = 0, sample_size = -1%s)"
        .formatted(Quoted.text(path(csv).toString()), format(csv), types);
  }

  private static String format(Input.Csv csv) {
    return "delim = %s, quote = '\"', escape = '\"', header = true"
        .formatted(Quoted.text(String.valueOf(csv.delimiter())));
  }

  private static String types(Map<String, String> types) {
    return new TreeMap<>(types)
        .entrySet().stream()
            .map(it -> Quoted.text(it.getKey()) + ": " + Quoted.text(it.getValue()))
            .collect(Collectors.joining(", "));
  }

  /**
   * Why a file cannot be read, with its line.
   *
   * @param trial runs the file without guessing, because a guess that fails names no line
   */
  static MillraceException notReadable(Input.Csv csv, SQLException e, Fixtures.Trial trial) {
    String reason = line(e).or(() -> withoutGuessing(csv, trial)).orElseGet(() -> firstLine(e));
    return cannotRead(csv, reason, e);
  }

  private static Optional<String> withoutGuessing(Input.Csv csv, Fixtures.Trial trial) {
    Map<String, String> columns = new TreeMap<>();
    int count = firstLine(csv).split(Pattern.quote(String.valueOf(csv.delimiter())), -1).length;
    for (int i = 0; i < count; i++) {
      columns.put("c%06d".formatted(i), "VARCHAR");
    }
    try {
      trial.run(
          "SELECT * FROM read_csv(%s, %s, auto_detect = false, columns = {%s})"
              .formatted(Quoted.text(path(csv).toString()), format(csv), types(columns)));
      return Optional.empty();
    } catch (SQLException e) {
      return line(e);
    }
  }

  private static String firstLine(Input.Csv csv) {
    try (BufferedReader lines = Files.newBufferedReader(path(csv))) {
      return Objects.requireNonNullElse(lines.readLine(), "");
    } catch (IOException e) {
      throw cannotRead(csv, String.valueOf(e), e);
    }
  }

  private static Optional<String> line(SQLException e) {
    Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
    return line.find()
        ? Optional.of("line %s: %s".formatted(line.group(1), line.group(3).strip()))
        : Optional.empty();
  }

  private static MillraceException cannotRead(Input.Csv csv, String reason, Throwable cause) {
    return MillraceException.caller("Cannot read %s: %s".formatted(csv.file(), reason), cause);
  }

  private static String firstLine(SQLException e) {
    return Task.reason(e).lines().findFirst().orElse("");
  }
}
