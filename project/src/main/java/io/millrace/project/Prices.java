package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.TextFile;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What processors, memory and storage cost. A project says its own in {@code prices.yaml}; without
 * that, dated list prices count.
 *
 * @param dated when they were in force
 * @param source where they are from
 * @param objectGbMonth storage that files are put into as a whole, such as S3
 * @param blockGbMonth storage of a disk
 */
public record Prices(
    String currency,
    String dated,
    String source,
    BigDecimal vcpuHour,
    BigDecimal memoryGbHour,
    BigDecimal objectGbMonth,
    BigDecimal blockGbMonth) {

  private static final Path FILE = Path.of("prices.yaml");

  private static final Key<String> CURRENCY =
      Key.required("currency", Forms.text(), "What the prices are in, such as `USD`.");
  private static final Key<String> DATED =
      Key.required("dated", Forms.text(), "When they were in force.");
  private static final Key<String> SOURCE =
      Key.required("source", Forms.prose(), "Where they are from.");
  private static final Key<BigDecimal> VCPU_HOUR = price("vcpu_hour", "A processor for an hour.");
  private static final Key<BigDecimal> MEMORY_GB_HOUR =
      price("memory_gb_hour", "A GB of memory for an hour.");
  private static final Key<BigDecimal> OBJECT_GB_MONTH =
      price("object_gb_month", "A GB of object storage for a month.");
  private static final Key<BigDecimal> BLOCK_GB_MONTH =
      price("block_gb_month", "A GB of disk for a month.");

  private static final Shape PRICES =
      new Shape(
          CURRENCY, DATED, SOURCE, VCPU_HOUR, MEMORY_GB_HOUR, OBJECT_GB_MONTH, BLOCK_GB_MONTH);

  private static Key<BigDecimal> price(String name, String doc) {
    return Key.required(name, Forms.number(), doc);
  }

  /**
   * The prices of a project.
   *
   * @param project its directory
   */
  public static Prices of(Path project) {
    Path file = project.resolve(FILE);
    Flaws flaws = new Flaws();
    Optional<Prices> prices =
        (Files.exists(file) ? TextFile.read(file, flaws) : Optional.of(listed()))
            .flatMap(text -> YamlText.parse(text, flaws))
            .flatMap(document -> PRICES.read(document, flaws))
            .filter(values -> flaws.isEmpty())
            .map(Prices::from);
    return prices.orElseThrow(
        () ->
            MillraceException.caller(
                "Cannot read the prices: "
                    + flaws.found().stream()
                        .map(flaw -> Problem.of(FILE, flaw).toString())
                        .collect(Collectors.joining("\n  "))));
  }

  private static Prices from(Values values) {
    return new Prices(
        values.find(CURRENCY).orElseThrow(),
        values.find(DATED).orElseThrow(),
        values.find(SOURCE).orElseThrow().strip(),
        values.find(VCPU_HOUR).orElseThrow(),
        values.find(MEMORY_GB_HOUR).orElseThrow(),
        values.find(OBJECT_GB_MONTH).orElseThrow(),
        values.find(BLOCK_GB_MONTH).orElseThrow());
  }

  private static String listed() {
    try (InputStream text = Prices.class.getResourceAsStream(FILE.toString())) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw MillraceException.us("Cannot read the list prices: " + e.getMessage(), e);
    }
  }
}
