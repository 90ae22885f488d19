package io.millrace.bench;

import io.millrace.shop.Flaw;
import io.millrace.shop.Shop;
import io.millrace.shop.ShopEvent;
import io.millrace.shop.ShopProfile;
import io.millrace.shop.ShopStream;
import io.millrace.shop.ShopTime;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A folder with files of the shop's clicks, a line each, made once. */
final class ClickFiles {

  private static final int FILES = 8;
  private static final double EVENTS_PER_SECOND = 50_000;
  private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");

  /**
   * What every side can tell by types and required fields. Of the others, a name that comes twice
   * and a number that does not fit go unseen elsewhere, and sides would not keep the same rows.
   */
  private static final List<Flaw> FLAWS =
      List.of(Flaw.BAD_JSON, Flaw.MISSING_FIELD, Flaw.WRONG_TYPE, Flaw.NOT_ALLOWED);

  private ClickFiles() {}

  /** Makes the folder if it is not there. */
  static Path make(Path folder, long bytes) throws IOException {
    if (Files.exists(folder)) {
      return folder;
    }
    Path begun = folder.resolveSibling(folder.getFileName() + ".begun");
    if (Files.exists(begun)) {
      Scrap.delete(begun);
    }
    Files.createDirectories(begun);
    System.out.printf("Writing %,d MB of clicks to %s%n", bytes >> 20, folder);
    ShopProfile history = ShopProfile.HISTORY;
    ShopProfile profile =
        new ShopProfile(
            history.people(),
            history.products(),
            history.bots(),
            history.scraped(),
            history.repeated(),
            history.late(),
            history.malformed(),
            history.returned(),
            FLAWS);
    Shop shop = new Shop(1, profile, ShopTime.steady(START, EVENTS_PER_SECOND));
    for (int i = 0; i < FILES; i++) {
      write(shop, begun.resolve("clicks-%d.ndjson".formatted(i)), bytes / FILES);
    }
    return Files.move(begun, folder);
  }

  private static void write(Shop shop, Path file, long bytes) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      long written = 0;
      while (written < bytes) {
        ShopEvent event = shop.next();
        if (event.stream() == ShopStream.CLICKS) {
          out.write(event.json());
          out.write('\n');
          written += event.json().length + 1;
        }
      }
    }
  }
}
