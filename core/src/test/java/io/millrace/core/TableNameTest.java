package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableNameTest {

  @Test
  void readsALayerAndAName() {
    assertThat(TableName.parse("bronze.clicks")).isEqualTo(TableName.bronze("clicks"));
    assertThat(TableName.late("clicks")).hasToString("quarantine.clicks_late");
  }

  @Test
  void saysHowATableNameIsWritten() {
    for (String text : new String[] {"clicks", "lake.bronze.clicks"}) {
      assertThatThrownBy(() -> TableName.parse(text))
          .hasMessage(
              "Cannot read table name '%s': write it as layer.name, such as bronze.clicks", text);
    }
  }

  @Test
  void refusesNamesThatNeedQuotesInSomeEngine() {
    for (String name : new String[] {"Clicks", "1st", "a-b", "", "a".repeat(121)}) {
      assertThatThrownBy(() -> TableName.bronze(name))
          .hasMessageStartingWith(
              "Cannot use '" + name + "' as table name: use lower-case letters");
    }
  }
}
