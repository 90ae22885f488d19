package io.millrace.shop;

import io.millrace.core.MillraceException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** Writes what a shop sends into files, one for each stream, with the truth beside them. */
public final class ShopFiles {

  private ShopFiles() {}

  /**
   * Writes the shop's next events to {@code <stream>.ndjson.gz}, and its truth to {@code
   * truth.json}. The last order is finished, so a few events more than {@code count} may come.
   *
   * @param directory made if it does not exist; files of these names in it are replaced
   * @param witness told of each event
   * @return the truth that was written
   */
  public static Truth write(Shop shop, Path directory, long count, Consumer<ShopEvent> witness) {
    Map<ShopStream, OutputStream> files = new EnumMap<>(ShopStream.class);
    try {
      Files.createDirectories(directory);
      try {
        for (ShopStream stream : ShopStream.values()) {
          files.put(stream, open(directory.resolve(stream + ".ndjson.gz")));
        }
        for (long n = 0; n < count || shop.insideOrder(); n++) {
          ShopEvent event = shop.next();
          witness.accept(event);
          OutputStream file = files.get(event.stream());
          file.write(event.json());
          file.write('\n');
        }
      } finally {
        for (OutputStream file : files.values()) {
          file.close();
        }
      }
    } catch (IOException e) {
      throw MillraceException.world(
          "Cannot write the shop's events to '%s': %s".formatted(directory, e.getMessage()), e);
    }
    Truth truth = shop.truth();
    try (TruthFile file = new TruthFile(directory.resolve("truth.json"))) {
      file.end(truth);
    }
    return truth;
  }

  private static OutputStream open(Path file) throws IOException {
    return new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(file)), 1 << 16);
  }
}
