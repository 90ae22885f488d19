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
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A folder with files of the shop's clicks, a line each, made once. */
final class ClickFiles {

  private static final int FILES = 8;
  private static final double EVENTS_PER_SECOND = 50_000;
  private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /**
   * What every side can tell by types and required fields. Of the others, a name that comes twice
   * and a number that does not fit go unseen elsewhere, and sides would not keep the same rows.
   */
  private static final List<Flaw> FLAWS =
      List.of(Flaw.BAD_JSON, Flaw.MISSING_FIELD, Flaw.WRONG_TYPE, Flaw.NOT_ALLOWED);

  private ClickFiles() {}

  /** Makes the folder with clicks of one day if it is not there. */
  static Path make(Path folder, long bytes) throws IOException {
    return make(folder, bytes, 1, new Days(START, 1));
  }

  /** Makes it with other clicks, as many of each of the days before that. */
  static Path history(Path folder, long bytes, int days) throws IOException {
    return make(folder, bytes, 2, new Days(START.minus(days, ChronoUnit.DAYS), days));
  }

  /** The first seconds of each day, of which the next begins when it is told. */
  private static final class Days implements ShopTime {

    private final ShopTime first;
    private final int count;
    private long day;

    Days(Instant start, int count) {
      this.first = ShopTime.steady(start, EVENTS_PER_SECOND);
      this.count = count;
    }

    /** So much of all has been sent. */
    void passed(double share) {
      day = Math.min(count - 1, (long) (share * count));
    }

    @Override
    public long microsAt(long n) {
      return first.microsAt(n) + day * MICROS_PER_DAY;
    }

    @Override
    public double eventsPerSecond() {
      return EVENTS_PER_SECOND;
    }
  }

  private static Path make(Path folder, long bytes, long seed, Days days) throws IOException {
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
    Shop shop = new Shop(seed, profile, days);
    long written = 0;
    for (int i = 0; i < FILES; i++) {
      Path file = begun.resolve("clicks-%d.ndjson".formatted(i));
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
        while (written < bytes / FILES * (i + 1)) {
          days.passed((double) written / bytes);
          ShopEvent event = shop.next();
          if (event.stream() == ShopStream.CLICKS) {
            out.write(event.json());
            out.write('\n');
            written += event.json().length + 1;
          }
        }
      }
    }
    return Files.move(begun, folder);
  }
}
