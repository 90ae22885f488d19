package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void isAsWideAsWhatIsInItWithNumbersToTheRight() {
    TextTable table = TextTable.of("table", "#rows").row("bronze.clicks", 1_234L).row("ops", 7L);

    assertThat(table.lines())
        .containsExactly(
            "table           rows",
            "-------------  -----",
            "bronze.clicks  1,234",
            "ops                7");
  }
}
