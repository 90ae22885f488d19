package io.millrace.boot.processes;

import io.millrace.engine.DuckDbSqlReader;
import io.millrace.jinja.JinjaTemplates;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads projects with all it takes to read any: DuckDB's parser, and Jinja for those of dbt. */
public final class Projects {

  private static final List<String> FILES = List.of("millrace.yaml", "dbt_project.yml");

  private Projects() {}

  /** Whether a directory holds a project. */
  public static boolean isProject(Path directory) {
    return FILES.stream().anyMatch(file -> Files.exists(directory.resolve(file)));
  }

  /** The project, or what is wrong with it. */
  public static Reading read(Path directory, DuckDbSqlReader sql) {
    return ProjectReader.read(directory, sql, new JinjaTemplates(System.getenv()));
  }

  /** The project, or one exception that says everything that is wrong. */
  public static Project load(Path directory, DuckDbSqlReader sql) {
    return read(directory, sql).orThrow();
  }
}
