package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PricesTest {

  @TempDir Path project;

  private void write(String yaml) throws IOException {
    Files.writeString(project.resolve("prices.yaml"), yaml);
  }

  @Test
  void withoutAFileListPricesCount() {
    Prices prices = Prices.of(project);

    assertThat(prices.currency()).isEqualTo("USD");
    assertThat(prices.dated()).matches("20\\d\\d-\\d\\d");
    assertThat(prices.vcpuHour()).isEqualByComparingTo("0.04048");
  }

  @Test
  void aProjectSaysItsOwn() throws IOException {
    write(
        """
        currency: EUR
        dated: "2026-01-31"
        source: our contract
        vcpu_hour: 0.02
        memory_gb_hour: 0.002
        object_gb_month: 0.01
        block_gb_month: 0.05
        """);

    assertThat(Prices.of(project).currency()).isEqualTo("EUR");
    assertThat(Prices.of(project).blockGbMonth()).isEqualByComparingTo("0.05");
  }

  @Test
  void saysWhatIsWrongAndWhere() throws IOException {
    write("currency: EUR\nvcpu_hour: cheap\n");

    assertThatThrownBy(() -> Prices.of(project))
        .hasMessageContaining("Cannot read the prices: ")
        .hasMessageContaining("prices.yaml:2: ")
        .hasMessageContaining("'cheap'")
        .hasMessageContaining("block_gb_month");
  }
}
