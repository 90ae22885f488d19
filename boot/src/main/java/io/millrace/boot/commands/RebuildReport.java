package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.MillraceException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What {@code millrace replay --from} shows: what is read, what would be replaced, what differs.
 */
final class RebuildReport {

  private final Terminal terminal;
  private final String stream;

  RebuildReport(Terminal terminal, String stream) {
    this.terminal = terminal;
    this.stream = stream;
  }

  /** Asks for it, waits and prints. */
  Exit print(Server server, ObjectNode asked) {
    JsonNode answer = await(server, asked);
    if (answer.get("commits").isNull()) {
      say("No commit has read anything of that time");
      return Exit.OK;
    }
    if (asked.get("plan").asBoolean()) {
      printPlan(answer);
      return Exit.OK;
    }
    return printDifferences(answer);
  }

  private JsonNode await(Server server, ObjectNode asked) {
    Progress progress = new Progress(terminal, "replay " + stream, System::nanoTime);
    JsonNode answer = Server.JSON.createObjectNode();
    try (Server.Lines lines = server.post("/api/streams/" + stream + "/replay", asked)) {
      while (lines.hasNext()) {
        answer = lines.next();
        if (!answer.get("complete").asBoolean()) {
          long read = answer.get("read").asLong();
          progress.at((double) read / answer.get("of").asLong(), read);
        }
      }
    }
    if (!answer.path("complete").asBoolean()) {
      throw MillraceException.unknown(
          "Cannot say what became of the replay: the server ended the answer early; replay again, it changes nothing twice",
          null);
    }
    return answer;
  }

  private void printPlan(JsonNode answer) {
    TextTable reads = TextTable.of("from", "topic", "#partition", "#from offset", "#to");
    answer
        .get("reads")
        .forEach(
            it ->
                reads.row(
                    it.get("source").asText(),
                    it.get("topic").asText(),
                    it.get("partition").asLong(),
                    it.get("from").asLong(),
                    it.get("to").asLong() - 1));
    say(
        "Would read again what commits %,d to %,d have read:"
            .formatted(answer.at("/commits/first").asLong(), answer.at("/commits/last").asLong()));
    reads.lines().forEach(this::say);
    JsonNode bronze = answer.get("from_bronze");
    if (!bronze.isNull()) {
      say(
          "Commits %,d to %,d from the rows that tables have of them"
              .formatted(bronze.get("first").asLong(), bronze.get("last").asLong()));
    }
    say("");
    TextTable tables = TextTable.of("table", "#rows of it", "in partitions");
    answer
        .get("tables")
        .forEach(
            it ->
                tables.row(
                    it.get("table").asText(),
                    it.get("rows").asLong(),
                    texts(it.get("partitions"))));
    tables.lines().forEach(this::say);
    printReaders(answer);
  }

  private void printReaders(JsonNode answer) {
    if (!answer.get("models").isEmpty()) {
      say("Models that would see it: " + texts(answer.get("models")));
    }
  }

  private Exit printDifferences(JsonNode answer) {
    TextTable table = TextTable.of("table", "#only in old", "#only in new", "#changed", "#equal");
    boolean differs = false;
    for (JsonNode it : answer.get("differences")) {
      differs |=
          it.get("only_old").asLong() + it.get("only_new").asLong() + it.get("changed").asLong()
              > 0;
      table.row(
          it.get("table").asText(),
          it.get("only_old").asLong(),
          it.get("only_new").asLong(),
          it.get("changed").asLong(),
          it.get("equal").asLong());
    }
    table.lines().forEach(this::say);
    answer
        .get("differences")
        .forEach(it -> it.get("examples").forEach(each -> say("  " + each.asText())));
    if (!differs) {
      say("The same as in the tables: nothing to swap");
      return Exit.OK;
    }
    if (answer.get("commit").asLong() > 0) {
      say("Swapped: commit %,d of %s".formatted(answer.get("commit").asLong(), stream));
      return Exit.OK;
    }
    printReaders(answer);
    say(
        "Nothing was swapped: branch '%s' has what was rebuilt; --swap puts it in place"
            .formatted(answer.get("branch").asText()));
    return Exit.NO;
  }

  private static String texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .filter(it -> !it.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private void say(String line) {
    terminal.out().println(line);
  }
}
