package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.boot.processes.StreamWork;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** What {@code millrace load --bulk} shows: which files, how far it is, what became of them. */
final class BulkReport {

  private static final int FILES_SHOWN = 100;

  private final Terminal terminal;
  private final String stream;

  BulkReport(Terminal terminal, String stream) {
    this.terminal = terminal;
    this.stream = stream;
  }

  /** Follows work that plans, and prints which files it names. */
  void planned(StreamWork work) {
    JsonNode answer = await(work);
    printPlan(answer);
    printKnown(answer);
  }

  /** Follows work that loads, and prints what became of the files. */
  void loaded(StreamWork work) {
    JsonNode answer = await(work);
    printLoaded(answer);
    printKnown(answer);
  }

  private void printKnown(JsonNode answer) {
    int shown = 0;
    for (JsonNode known : answer.get("known")) {
      if (++shown <= FILES_SHOWN) {
        say(
            "%s was loaded before, from %s"
                .formatted(known.get("file").asText(), known.get("loaded_from").asText()));
      }
    }
  }

  private JsonNode await(StreamWork work) {
    Progress progress = new Progress(terminal, "load " + stream, "bytes", System::nanoTime);
    AtomicReference<ObjectNode> last = new AtomicReference<>(JsonNodeFactory.instance.objectNode());
    try (work) {
      work.follow(
          line -> {
            last.set(line);
            if (!line.get("complete").asBoolean()) {
              long read = line.get("read").asLong();
              progress.at((double) read / Math.max(1, line.get("of").asLong()), read);
            }
          });
    }
    return last.get();
  }

  private void printPlan(JsonNode answer) {
    TextTable table = TextTable.of("file", "#bytes");
    int shown = 0;
    long bytes = 0;
    for (JsonNode file : answer.get("files")) {
      bytes += file.get("bytes").asLong();
      if (++shown <= FILES_SHOWN) {
        table.row(file.get("file").asText(), file.get("bytes").asLong());
      }
    }
    table.lines().forEach(this::say);
    say("Would load %,d files of %,d bytes in one commit".formatted(shown, bytes));
  }

  private void printLoaded(JsonNode answer) {
    JsonNode files = answer.get("files");
    if (files.isEmpty()) {
      say("Nothing to load");
      return;
    }
    say(
        "%,d files, %,d events: %,d accepted, %,d rejected, %,d repeated, %,d late; commit %d"
            .formatted(
                files.size(),
                sum(files, "lines") - sum(files, "blank"),
                sum(files, "accepted"),
                sum(files, "rejected"),
                sum(files, "repeated"),
                sum(files, "late"),
                answer.get("commit").asLong()));
    for (Map.Entry<String, JsonNode> reason : answer.get("reasons").properties()) {
      say("  %s: %,d".formatted(reason.getKey(), reason.getValue().asLong()));
    }
    int shown = 0;
    for (JsonNode reject : answer.get("rejects")) {
      if (++shown <= LoadCommand.REJECTS_SHOWN) {
        say("  " + sentence(reject));
      }
    }
  }

  private static long sum(JsonNode files, String count) {
    long sum = 0;
    for (JsonNode file : files) {
      sum += file.get(count).asLong();
    }
    return sum;
  }

  private static String sentence(JsonNode reject) {
    String field = reject.get("field").asText();
    return "%s:%d: %s%s: %s"
        .formatted(
            reject.get("file").asText(),
            reject.get("line").asLong(),
            reject.get("reason").asText(),
            field.isEmpty() ? "" : " at " + field,
            reject.get("detail").asText());
  }

  private void say(String line) {
    terminal.out().println(line);
  }
}
