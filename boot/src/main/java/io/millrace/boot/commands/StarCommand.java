package io.millrace.boot.commands;

import io.millrace.core.TableName;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.project.DataVault;
import io.millrace.project.Lineage;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Snowflake;
import io.millrace.project.Star;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace star}: a table of facts and its dimensions, drawn or in another shape. */
@Command(
    name = "star",
    mixinStandardHelpOptions = true,
    description = {
      "Draw a table of facts and the dimensions around it, or print the same rows in another shape.",
      "Its relationships tests that lead to a unique key are the arms. It reads the project's files; nothing has to run."
    },
    footer = {
      "",
      "Examples:",
      "  millrace star gold.fct_trade_lines",
      "  millrace star gold.fct_trade_lines --as vault > vault.sql"
    })
final class StarCommand implements Callable<Integer> {

  /** What is printed. */
  enum As {
    DIAGRAM,
    SNOWFLAKE,
    VAULT
  }

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "TABLE", description = "The table of facts, layer.table.")
  private String name;

  @Option(
      names = "--as",
      paramLabel = "WHAT",
      defaultValue = "diagram",
      description =
          "diagram: the star, for Mermaid. snowflake, vault: SQL that makes a snowflake or a Data Vault of it, with views that are the star again. Default: diagram.")
  private As as;

  @Option(
      names = "--project",
      paramLabel = "DIR",
      description = "The project directory. Default: the current directory.")
  private Optional<Path> project = Optional.empty();

  StarCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Star star = star();
    terminal
        .out()
        .print(
            switch (as) {
              case DIAGRAM -> star.diagram();
              case SNOWFLAKE -> Snowflake.of(star).script();
              case VAULT -> DataVault.of(star).script();
            });
    return Exit.OK.code();
  }

  private Star star() {
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      Project read = ProjectReader.load(Where.projectIn(project), sql);
      Lineage lineage = Lineage.of(read, sql);
      return Star.of(read, TableName.parse(name), table -> lineage.columns().get(table));
    }
  }
}
