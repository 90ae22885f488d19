package io.millrace.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A project with one stream, and events for it. */
final class SmallShop {

  private SmallShop() {}

  /** Writes the project into a directory. */
  static Path in(Path directory, String settings) throws IOException {
    stream(directory, "sales");
    Files.writeString(directory.resolve("millrace.yaml"), "name: small\n" + settings);
    return directory;
  }

  /** Adds a stream of sales to a project. */
  static void stream(Path directory, String name) throws IOException {
    Files.createDirectories(directory.resolve("streams"));
    Files.writeString(
        directory.resolve("streams").resolve(name + ".yaml"),
        """
        key: customer
        event_id: id
        event_time: at
        fields:
          id: {type: uuid, required: true}
          at: {type: timestamp, required: true}
          customer: {type: string, required: true}
          amount: {type: "decimal(12,2)", required: true, min: 0}
        """);
  }

  /** So many sales, a line each, none like another. */
  static String sales(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            it ->
                "{\"id\":\"%s\",\"at\":\"%s\",\"customer\":\"c%d\",\"amount\":%d.25}"
                    .formatted(UUID.randomUUID(), Instant.now(), it % 10, it))
        .collect(Collectors.joining("\n"));
  }
}
