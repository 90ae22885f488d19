package io.millrace.boot.commands;

import io.millrace.boot.processes.Installation;
import io.millrace.core.MillraceException;
import io.millrace.shop.InboxFile;
import io.millrace.shop.Shop;
import io.millrace.shop.ShopFiles;
import io.millrace.shop.ShopProfile;
import io.millrace.shop.ShopTime;
import io.millrace.shop.Truth;
import io.millrace.shop.TruthFile;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace simulate}: lets a shop live that knows the truth about itself. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Send the events of a simulated shop to the running retail project, or write them to files.",
      "It sends clicks, orders, order_items and returns, with repeats, late and malformed events, and knows how many."
    },
    footer = {
      "",
      "Examples:",
      "  millrace simulate --rate 500",
      "  millrace simulate --rate max --events 1000000 --truth truth.json",
      "  millrace simulate --events 100000 --seed 7 --out shop-events",
      "  millrace simulate --events 20000 --inbox inbox.sql"
    })
final class SimulateCommand implements Callable<Integer> {

  /** Files of the same seed are the same on any day. */
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final long DEFAULT_FILE_EVENTS = 100_000;
  private static final long STOP_LIMIT_S = 5;

  /** A shop whose speed nobody limits lives as large as one of this rate. */
  private static final double MAX_RATE = 50_000;

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Option(
      names = "--rate",
      paramLabel = "N|max",
      defaultValue = "200",
      description = "Events a second, or max: as fast as they are taken. Default: 200.")
  private String rate;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "End after so many events. Default: at Ctrl-C; 100000 with --out.")
  private Optional<Long> events = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The same seed makes the same shop. Default: another one each time.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--truth",
      paramLabel = "FILE",
      description = "Write what must become of each event, and the totals in the last line.")
  private Optional<Path> truth = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write <stream>.ndjson.gz and truth.json there instead of sending.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--inbox",
      paramLabel = "FILE",
      description =
          "Write what happens also as SQL for psql, which brings it to the shop's operational database.")
  private Optional<Path> inbox = Optional.empty();

  @Mixin private Where where;

  private volatile boolean stopped;

  SimulateCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() throws InterruptedException {
    long chosen = seed.orElseGet(System::nanoTime);
    terminal.say("The shop's seed is %d.".formatted(chosen));
    if (out.isPresent()) {
      Shop shop =
          new Shop(
              chosen, ShopProfile.HISTORY, ShopTime.steady(START, perSecond().orElse(MAX_RATE)));
      Optional<InboxFile> told = inbox.map(InboxFile::new);
      try {
        print(
            ShopFiles.write(
                shop,
                out.get(),
                events.orElse(DEFAULT_FILE_EVENTS),
                event -> told.ifPresent(it -> it.add(event))));
      } finally {
        told.ifPresent(InboxFile::close);
      }
      return Exit.OK.code();
    }
    send(
        new Shop(
            chosen,
            ShopProfile.LIVE,
            ShopTime.live(InstantSource.system(), perSecond().orElse(MAX_RATE))));
    return Exit.OK.code();
  }

  private void send(Shop shop) throws InterruptedException {
    Server server = where.server(installation);
    Optional<TruthFile> file = truth.map(TruthFile::new);
    Optional<InboxFile> told = inbox.map(InboxFile::new);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(ended), "stop"));
    try {
      Traffic traffic =
          new Traffic(
              server,
              shop,
              event -> {
                file.ifPresent(it -> it.add(event));
                told.ifPresent(it -> it.add(event));
              });
      Progress progress = new Progress(terminal, "shop", System::nanoTime);
      long limit = events.orElse(Long.MAX_VALUE);
      LongPredicate goOn =
          sent -> {
            progress.at((double) sent / limit, sent);
            return !stopped;
          };
      if (perSecond().isPresent()) {
        traffic.flow(perSecond().get(), limit, goOn);
      } else {
        traffic.burst(limit, goOn);
      }
      progress.done(traffic.sent());
      print(shop.truth());
    } finally {
      file.ifPresent(
          it -> {
            it.end(shop.truth());
            it.close();
          });
      told.ifPresent(InboxFile::close);
      ended.countDown();
    }
  }

  /** Empty: as fast as they are taken. */
  private Optional<Double> perSecond() {
    if (rate.equals("max")) {
      return Optional.empty();
    }
    try {
      double value = Double.parseDouble(rate);
      if (value > 0) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw MillraceException.caller(
        "Cannot simulate at rate '%s': use a number of events a second, or max".formatted(rate));
  }

  /** Ctrl-C ends the flow; the truth is still written. */
  private void stop(CountDownLatch ended) {
    stopped = true;
    try {
      boolean inTime = ended.await(STOP_LIMIT_S, TimeUnit.SECONDS);
      if (!inTime) {
        terminal.say("The shop was cut off: its truth is not complete.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void print(Truth counts) {
    TextTable table = TextTable.of("stream", "#sent", "#fresh", "#repeated", "#late", "#malformed");
    counts
        .streams()
        .forEach(
            (stream, it) ->
                table.row(stream, it.sent(), it.fresh(), it.repeated(), it.late(), it.malformed()));
    table.lines().forEach(terminal.out()::println);
  }
}
