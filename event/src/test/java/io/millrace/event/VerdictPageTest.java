package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Repository;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictPageTest {

  @Test
  void explainsEveryReasonInOrder() {
    List<String> explained =
        Repository.here().text(Path.of("docs/reference/verdicts.md")).lines().stream()
            .dropWhile(line -> !line.equals("## Reasons"))
            .takeWhile(line -> !line.startsWith("## Which"))
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .toList();
    assertThat(explained).isEqualTo(Arrays.stream(Reason.values()).map(Reason::toString).toList());
  }
}
