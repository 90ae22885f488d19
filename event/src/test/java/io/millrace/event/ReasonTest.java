package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReasonTest {

  @Test
  void everyReasonIsExplainedInTheOrderOfTheCode() {
    String page = Repository.here().text(Path.of("docs/guide/tables.md")).text();
    String section = page.substring(page.indexOf("## Reasons"), page.indexOf("## Time travel"));
    List<String> explained =
        Pattern.compile("(?m)^\\| `([a-z_]+)` \\|")
            .matcher(section)
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(explained).isEqualTo(Stream.of(Reason.values()).map(Reason::toString).toList());
  }
}
