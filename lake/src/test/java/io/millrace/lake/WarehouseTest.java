package io.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.project.ProjectReader;
import io.millrace.project.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseTest {

  private static final String IN_A_BUCKET = "warehouse: s3://lake/shop";

  @TempDir Path folder;
  private DataDirectory data;

  @BeforeEach
  void nothingYet() {
    data = new DataDirectory(folder.resolve("data"));
  }

  private Settings settings(String lines) throws IOException {
    Files.writeString(folder.resolve("millrace.yaml"), "settings: {" + lines + "}\n");
    return ProjectReader.load(folder).settings();
  }

  @Test
  void isTheDataDirectoryUnlessSaidOtherwise() throws IOException {
    Warehouse.settle(data, settings(""));

    assertThat(Warehouse.of(data).root(data)).isEqualTo(data.lake().toString());
    assertThat(data.warehouse()).doesNotExist();
  }

  @Test
  void staysWhereItWasSettledBehindAnyEndpoint() throws IOException {
    Warehouse.settle(data, settings(IN_A_BUCKET));
    assertThat(Warehouse.of(data).root(data)).isEqualTo("s3://lake/shop");
    assertThat(Warehouse.of(data).endpoint()).isEmpty();

    Warehouse.settle(data, settings(IN_A_BUCKET + ", warehouse_endpoint: \"http://store:9000\""));
    assertThat(Warehouse.of(data))
        .isEqualTo(new Warehouse(Optional.of("s3://lake/shop"), Optional.of("http://store:9000")));

    assertThatThrownBy(() -> Warehouse.settle(data, settings("")))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot use %s as the warehouse: the tables in '%s' were made in s3://lake/shop, and know their files by that; put it back into millrace.yaml, or begin with another data directory"
                .formatted(data.lake(), data.root()));
  }

  @Test
  void doesNotMoveFromTheDataDirectory() throws IOException {
    Files.createDirectories(data.lake());

    assertThatThrownBy(() -> Warehouse.settle(data, settings(IN_A_BUCKET)))
        .hasMessageContaining("were made in " + data.lake() + ", and know");
  }
}
