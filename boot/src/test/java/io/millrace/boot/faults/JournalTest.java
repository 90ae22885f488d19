package io.millrace.boot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.boot.faults.Journal.Event;
import io.millrace.boot.faults.Journal.Line;
import io.millrace.boot.faults.Journal.Word;
import io.millrace.prove.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @TempDir Path directory;

  @Test
  void isReadAsItWasWritten() throws Exception {
    Path file = directory.resolve("journal");
    List<Event> events =
        List.of(new Event("a", Promise.KEPT), new Event("bytes:12", Promise.REJECTED));
    List<Line> lines = new ArrayList<>();

    try (Journal journal = Journal.begin(file)) {
      journal.sent(1, 10, "sales", events);
      journal.again(1, 20);
      journal.acknowledged(1, 30);
      Journal.read(file, 0, lines::add);
    }

    assertThat(lines)
        .containsExactly(
            new Line(Word.SENT, 1, 10, "sales", events),
            new Line(Word.AGAIN, 1, 20, "", List.of()),
            new Line(Word.ACKNOWLEDGED, 1, 30, "", List.of()));
  }

  @Test
  void leavesALineThatIsNotWholeForTheNextTime() throws Exception {
    Path file = directory.resolve("journal");
    List<Line> lines = new ArrayList<>();
    Files.writeString(file, "AGAIN\t1\t10\nAGAIN\t2");

    long position = Journal.read(file, 0, lines::add);
    assertThat(lines).hasSize(1);
    Files.writeString(file, "2\t20\n", StandardOpenOption.APPEND);
    Journal.read(file, position, lines::add);

    assertThat(lines).extracting(Line::batch).containsExactly(1L, 22L);
  }
}
