package io.millrace.collect;

import io.millrace.project.Field;
import io.millrace.project.Personal;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A project with one small stream, and events that keep its contract or break it. */
final class Clicks {

  static final StreamContract CONTRACT = contract(2);

  private Clicks() {}

  static StreamContract contract(int topicPartitions) {
    return new StreamContract(
        "clicks",
        "What visitors do in the shop",
        "web-team",
        3,
        "user_id",
        new StreamContract.EventId.Declared("event_id"),
        "event_time",
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        topicPartitions,
        new StreamContract.Layout.Day("event_time"),
        StreamContract.Evolution.BACKWARD,
        20,
        List.of(
            Field.required("event_id", Type.Scalar.UUID),
            Field.required("event_time", Type.Scalar.TIMESTAMP),
            Field.optional("user_id", Type.Scalar.STRING),
            Field.optional("price", new Type.Decimal(12, 2))),
        Optional.of(
            new StreamContract.Csv(
                ',',
                Map.of("Id", "event_id", "When", "event_time", "User", "user_id", "Price", "price"),
                Optional.empty(),
                ZoneId.of("Europe/London"))),
        Optional.empty(),
        Optional.empty());
  }

  /** The same project, where the user has a pseudonym. */
  static Project personal(Project project) {
    StreamContract personal =
        CONTRACT.withFields(
            CONTRACT.fields().stream()
                .map(
                    field ->
                        field.name().equals("user_id")
                            ? field.withPersonal(
                                new Personal(Personal.Treatment.PSEUDONYM, Personal.Kept.NOTHING))
                            : field)
                .toList());
    return project.withStreams(new TreeMap<>(Map.of(personal.name(), personal)));
  }

  static Project project(Path directory, Settings settings) {
    return new Project(
        "shop",
        directory,
        settings,
        new TreeMap<>(Map.of(CONTRACT.name(), CONTRACT)),
        new TreeMap<>());
  }

  /** An event that keeps the contract. */
  static String good(int number) {
    return "{\"event_id\": \"%s\", \"event_time\":\"2026-01-31T10:00:00Z\",\"user_id\":\"u%d\"}"
        .formatted(id(number), number);
  }

  /** An event whose price is not a number. */
  static String bad(int number) {
    return "{\"event_id\":\"%s\",\"event_time\":\"2026-01-31T10:00:00Z\",\"price\":true}"
        .formatted(id(number));
  }

  static String id(int number) {
    return "00000000-0000-4000-8000-%012d".formatted(number);
  }
}
