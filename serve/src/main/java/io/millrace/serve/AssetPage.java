package io.millrace.serve;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.millrace.core.TableName;
import io.millrace.project.DataTest;
import io.millrace.project.Personal.Treatment;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * All that {@code /api/assets/{name}} tells of one asset.
 *
 * @param built how, in words; empty for what is not built
 * @param starts when it is built by itself, in words
 * @param sql as its file has it
 * @param reads what it is made of; {@code readBy} what is made of it
 * @param followsColumns whether its columns can be followed through the lineage
 * @param history newest first
 */
record AssetPage(
    @JsonUnwrapped Asset asset,
    Optional<Integer> files,
    Optional<String> eventTime,
    Optional<String> built,
    Optional<String> starts,
    Optional<String> file,
    Optional<String> sql,
    Collection<TableName> reads,
    Collection<TableName> readBy,
    boolean followsColumns,
    List<Column> columns,
    List<Test> tests,
    List<UnitTest> unitTests,
    Optional<Builds.Intervals> intervals,
    List<Snapshot> history) {

  /**
   * A column.
   *
   * @param type empty before the table is made
   * @param pii {@code pseudonym} or {@code clear} if it, or a field in it, tells who somebody is
   */
  record Column(String name, String type, String description, Optional<Treatment> pii) {}

  /**
   * What must hold of it.
   *
   * @param result {@code passed}, {@code warned} or {@code failed}; empty if it was never run
   * @param sentence what came of it
   */
  record Test(
      String name,
      String checks,
      DataTest.Severity severity,
      String file,
      int line,
      Optional<String> result,
      Optional<String> sentence,
      Optional<Long> run) {}

  /**
   * What it makes of given rows.
   *
   * @param result {@code passed} or {@code failed}; empty if it was never run before a build
   * @param sentence the rows that differ
   */
  record UnitTest(
      String name,
      String description,
      String file,
      int line,
      Optional<String> result,
      Optional<String> sentence,
      Optional<Long> run) {}

  /**
   * A state of its table.
   *
   * @param id a text, because ids have 64 bits and JavaScript's numbers hold 53
   * @param operation Iceberg's word: {@code append}, {@code overwrite}, {@code replace}, {@code
   *     delete}
   * @param releases those that name it
   */
  record Snapshot(
      String id,
      Instant committedAt,
      String operation,
      long rows,
      long added,
      long deleted,
      List<Long> releases) {}
}
