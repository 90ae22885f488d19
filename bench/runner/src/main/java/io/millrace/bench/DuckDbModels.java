package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The models as bare statements of DuckDB: each is a COPY of its SELECT into a file, and a view of
 * it. For one more day, the two models that are built by month write that month, and the others are
 * written anew. Nothing is tested, and nobody may read in between. {@code DuckDbModels FOLDER
 * PROJECT LISTS}.
 */
public final class DuckDbModels {

  /** What Millrace gives a build. */
  private static final String MEMORY = "1GB";

  private final DuckDbFiles files;
  private final Path folder;
  private final Path project;

  private DuckDbModels(DuckDbFiles files, Path folder, Path project) {
    this.files = files;
    this.folder = folder;
    this.project = project;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Path lists = Path.of(args[2]);
    try (DuckDbFiles files = new DuckDbFiles(folder, MEMORY)) {
      DuckDbModels models = new DuckDbModels(files, folder, Path.of(args[1]));
      files.views(lists.resolve("before"));
      double full = models.build("full");
      files.views(lists.resolve("after"));
      double day = models.build("day");
      List<String> described = new ArrayList<>();
      for (String model : ModelRows.MODELS) {
        described.add(files.text(ModelRows.describe(model)));
      }
      Files.writeString(folder.resolve("made"), ModelRows.made(described.stream()));
      Report.end(Map.of("models-full", full, "models-day", day));
    }
  }

  private double build(String when) throws IOException, SQLException {
    long began = System.nanoTime();
    for (String model : ModelRows.MODELS) {
      String sql =
          Files.readString(project.resolve("models").resolve(model.replace('.', '/') + ".sql"));
      if (when.equals("day") && ModelRows.isByMonth(model)) {
        String earlier =
            "SELECT * FROM %s WHERE %s UNION ALL "
                .formatted(DuckDbFiles.scan(List.of(file(model, "full"))), ModelRows.EARLIER);
        files.view(model, earlier, List.of(write(model, when, ModelRows.ofMonth(model, sql))));
      } else {
        files.view(model, "", List.of(write(model, when, sql)));
      }
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private String write(String model, String when, String select) throws IOException, SQLException {
    String file = file(model, when);
    Files.createDirectories(Path.of(file).getParent());
    files.run("COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION zstd)".formatted(select, file));
    return file;
  }

  private String file(String model, String when) {
    return folder.resolve(when).resolve(model + ".parquet").toString();
  }
}
