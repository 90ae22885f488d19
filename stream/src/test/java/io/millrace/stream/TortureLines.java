package io.millrace.stream;

import io.millrace.event.RandomEvents;
import io.millrace.project.StreamContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Lines that keep a contract, that nearly do, and that are no events at all; seeded. */
final class TortureLines {

  private static final List<String> BROKEN =
      List.of(
          "",
          " \t",
          "{}",
          "[]",
          "null",
          "\"text\"",
          "{\"id\":",
          "nothing",
          "{\"id\":7}",
          "\u0000",
          "{}{}",
          "[".repeat(100),
          "{\"id\":\"not a uuid\",\"at\":\"2026-02-30T00:00:00Z\",\"user\":\"ann\"}");

  /** Tokens that casts would take for numbers, or for others than they are. */
  private static final List<String> TOKENS =
      List.of(
          "1.6",
          "1.60",
          "16e-1",
          "1e400",
          "-0",
          "01",
          "+1",
          "true",
          "\"7\"",
          "null",
          "99999999999999999999",
          "0.005",
          "NaN",
          "1_000",
          "2147483648",
          "[1]",
          "{\"a\":1}");

  private final Random random;
  private final RandomEvents events;
  private final StreamContract contract;

  TortureLines(long seed, StreamContract contract) {
    this.random = new Random(seed);
    this.events =
        new RandomEvents(seed, Instant.parse("2026-03-01T12:00:00Z"), Duration.ofDays(2), 0);
    this.contract = contract;
  }

  /** Lines without their newlines. */
  List<byte[]> next(int count) {
    List<byte[]> lines = new ArrayList<>();
    while (lines.size() < count) {
      lines.add(next(lines));
    }
    return lines;
  }

  private byte[] next(List<byte[]> before) {
    byte[] event = bytes(event());
    return switch (random.nextInt(12)) {
      case 0 -> bytes(BROKEN.get(random.nextInt(BROKEN.size())));
      case 1 -> before.isEmpty() ? event : before.get(random.nextInt(before.size()));
      case 2 -> bytes(" \t" + event() + " \r");
      case 3 -> Arrays.copyOf(event, random.nextInt(event.length));
      case 4 -> damaged(event);
      case 5 -> bytes(withToken());
      case 6 -> bytes(event().replaceFirst("\\{", "{\"user\":\"twice\","));
      case 7 -> random.nextInt(20) > 0 ? event : bytes(tooLarge());
      default -> event;
    };
  }

  private String event() {
    return line(events.object(contract.fields(), Map.of()));
  }

  private String withToken() {
    String field = random.nextBoolean() ? "amount" : "items";
    return line(
        events.object(contract.fields(), Map.of(field, TOKENS.get(random.nextInt(TOKENS.size())))));
  }

  private String tooLarge() {
    return event().replaceFirst("\\{", "{\"padding\":\"" + "x".repeat(40_000) + "\",");
  }

  /** White space between tokens may be a newline, which ends a line here. */
  private static String line(String event) {
    return event.replace('\n', ' ');
  }

  /** Some bytes are others, so it may be no UTF-8 any more. */
  private byte[] damaged(byte[] event) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      byte other = (byte) random.nextInt(256);
      event[random.nextInt(event.length)] = other == '\n' ? (byte) 0xff : other;
    }
    return event;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
