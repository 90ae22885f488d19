package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.project.ProjectReader;
import io.millrace.project.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {

  private static final String OF_ONE_JOB = "s3://states/shop/0f/" + "a1".repeat(16);
  private static final String OF_THE_NEXT = "s3://states/shop/0f/" + "b2".repeat(16);

  @TempDir Path folder;

  private Settings settings(String more) throws IOException {
    Files.writeString(
        folder.resolve("millrace.yaml"),
        "settings: {kafka: \"one:9092\", flink: cluster" + more + "}\n");
    return ProjectReader.load(folder).settings();
  }

  @Test
  void areInTheDataDirectoryUnlessSaidOtherwise() throws IOException {
    DataDirectory data = new DataDirectory(folder);

    assertThat(Checkpoints.deployed(settings(""), data)).isEqualTo(Checkpoints.in(data));
    assertThat(Checkpoints.in(data).uri()).isEqualTo("file://" + folder + "/checkpoints");
  }

  @Test
  void haveAFolderOfABucketForEachDataDirectory() throws IOException {
    Settings settings =
        settings(", checkpoints: \"s3://states/shop\", warehouse_endpoint: \"http://store:9000\"");
    DataDirectory one = new DataDirectory(folder.resolve("one"));
    DataDirectory other = new DataDirectory(folder.resolve("other"));

    Checkpoints checkpoints = Checkpoints.deployed(settings, one);
    assertThat(checkpoints.folder()).matches("s3://states/shop/[0-9a-f-]{36}");
    assertThat(checkpoints.endpoint()).isEqualTo("http://store:9000");
    assertThat(checkpoints.repeats()).isEqualTo(checkpoints.folder() + "/repeats");
    assertThat(Checkpoints.deployed(settings, one)).isEqualTo(checkpoints);
    assertThat(Checkpoints.deployed(settings, other).folder()).isNotEqualTo(checkpoints.folder());
  }

  @Test
  void theNewestIsTheHighestNumberThatIsComplete() {
    assertThat(
            RestorePoint.newest(
                List.of(
                    OF_ONE_JOB + "/chk-9/_metadata",
                    OF_THE_NEXT + "/chk-10/_metadata",
                    OF_THE_NEXT + "/chk-11/3c7d",
                    OF_THE_NEXT + "/shared/",
                    "s3://states/shop/0f/repeats/chk-12.ids")))
        .contains(new RestorePoint(OF_THE_NEXT + "/chk-10", 10));
    assertThat(RestorePoint.newest(List.of(OF_ONE_JOB + "/taskowned/"))).isEmpty();
  }

  @Test
  void theNewestOfAFolderIsFoundAlike() throws IOException {
    assertThat(RestorePoint.newest(folder.resolve("none"))).isEmpty();
    String next = "b2".repeat(16);
    for (String file :
        List.of(
            "a1".repeat(16) + "/chk-9/_metadata",
            next + "/chk-10/_metadata",
            next + "/chk-11/3c7d",
            "repeats/chk-12.ids")) {
      Path of = folder.resolve(file);
      Files.createDirectories(of.getParent());
      Files.writeString(of, "");
    }
    assertThat(RestorePoint.newest(folder))
        .contains(new RestorePoint("file://" + folder + "/" + next + "/chk-10", 10));
  }
}
