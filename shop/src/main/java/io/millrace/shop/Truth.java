package io.millrace.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.MillraceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a shop has sent, counted by the shop itself: what must be found in the tables, to the penny.
 * Fresh is what bronze holds; late is what the late tables hold. Money is in pence.
 *
 * @param streams by the name of the stream
 * @param clicks fresh clicks by event type
 * @param revenueByDay the lines of orders by UTC day of event time, {@code 2026-01-31}
 * @param revenueByProduct the lines of orders by product id; products never sold are left out
 */
public record Truth(
    long seed,
    SortedMap<String, Counts> streams,
    SortedMap<String, Long> clicks,
    Sales fresh,
    Sales late,
    SortedMap<String, Revenue> revenueByDay,
    SortedMap<String, Revenue> revenueByProduct,
    List<Bot> bots) {

  /**
   * Events of one stream.
   *
   * @param flaws malformed events by the reason they must be rejected for
   */
  public record Counts(
      long fresh, long repeated, long late, long malformed, SortedMap<String, Long> flaws) {
    public Counts {
      flaws = Collections.unmodifiableSortedMap(new TreeMap<>(flaws));
    }

    public long sent() {
      return fresh + repeated + late + malformed;
    }
  }

  /**
   * Sums over orders, their lines and what came back; those of the lines are less than those of the
   * orders only while an order's lines are still to come.
   */
  public record Sales(
      long orders,
      long orderPence,
      long items,
      long units,
      long itemPence,
      long returns,
      long refundPence) {}

  /** What fresh and late lines of orders brought. */
  public record Revenue(long freshPence, long latePence) {}

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  public Truth {
    streams = Collections.unmodifiableSortedMap(new TreeMap<>(streams));
    clicks = Collections.unmodifiableSortedMap(new TreeMap<>(clicks));
    revenueByDay = Collections.unmodifiableSortedMap(new TreeMap<>(revenueByDay));
    revenueByProduct = Collections.unmodifiableSortedMap(new TreeMap<>(revenueByProduct));
    bots = List.copyOf(bots);
  }

  public Counts of(ShopStream stream) {
    return streams.get(stream.toString());
  }

  /** One line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw MillraceException.us("Cannot write the truth: " + e.getOriginalMessage(), e);
    }
  }

  /** Reads the last line of a truth file. */
  public static Truth read(Path file) {
    String last = "";
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
      return JSON.readValue(last, Truth.class);
    } catch (JsonProcessingException e) {
      throw MillraceException.caller(
          "Cannot read truth file '%s': its last line is not a truth; was the shop stopped?"
              .formatted(file),
          e);
    } catch (IOException e) {
      throw MillraceException.world(
          "Cannot read truth file '%s': %s".formatted(file, e.getMessage()), e);
    }
  }
}
