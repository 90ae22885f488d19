package io.millrace.bench;

import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A project of streams that are all like the retail pack's clicks. */
final class ClickProject {

  /** What names of such streams begin with. */
  static final String CLICKS = "clicks";

  private ClickProject() {}

  static Project make(Ground ground, int streams) throws IOException {
    Path folder = ground.folder().resolve("project-" + streams);
    Files.createDirectories(folder.resolve("streams"));
    Files.writeString(folder.resolve("millrace.yaml"), "name: clicks\n");
    String contract = Files.readString(ground.project().resolve("streams/clicks.yaml"));
    for (int i = 0; i < streams; i++) {
      Files.writeString(folder.resolve("streams/%s_%03d.yaml".formatted(CLICKS, i)), contract);
    }
    return ProjectReader.load(folder);
  }
}
