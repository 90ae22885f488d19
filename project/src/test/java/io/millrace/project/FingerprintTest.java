package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {

  private static final String CONFIG =
      "materialized: incremental, incremental_strategy: microbatch, event_time: day,"
          + " batch_size: day";

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void begin() {
    directory =
        ProjectDirectory.ofClicks(folder)
            .with("seeds/kinds.csv", "id\n1\n")
            .with("models/silver/inner.sql", "SELECT 1 FROM bronze.clicks")
            .with("models/silver/outer.sql", "SELECT 1 FROM silver.inner")
            .with("models/gold/daily.sql", "SELECT 1 FROM bronze.clicks JOIN silver.outer");
    configure(CONFIG);
  }

  private void configure(String config) {
    directory.with("models/schema.yml", "models: [{name: daily, config: {" + config + "}}]\n");
  }

  private String fingerprint(String table) {
    Project project = directory.loadWithSql();
    return project.fingerprint(project.model(TableName.parse(table)));
  }

  @Test
  void staysTheSameFromReleaseToReleaseOfMillrace() {
    // Another value here means that every table of every user is built again.
    assertThat(fingerprint("gold.daily"))
        .isEqualTo("c1062bb9d8463fbd314686e144aee0f4e6ff46b5657e8382b9dd02f276076040");
  }

  @Test
  void staysTheSameWhenNothingChangesThatDecidesTheRows() {
    String before = fingerprint("gold.daily");
    directory.with(
        "models/gold/daily.sql",
        """
        -- By day.
        SELECT /* one /* of */ each */ 1
          FROM bronze.clicks -- all

        JOIN silver.outer
        """);
    configure(CONFIG + ", schedule: manual, retries: 7, tags: [a], owner: me");
    assertThat(fingerprint("gold.daily")).isEqualTo(before);
  }

  @Test
  void changesWithTheSqlAndHowItIsBuilt() {
    String before = fingerprint("gold.daily");
    configure(CONFIG + ", begin: 2025-01-01");
    assertThat(fingerprint("gold.daily")).isNotEqualTo(before);
    configure(CONFIG + ", time_zone: Europe/London");
    assertThat(fingerprint("gold.daily")).isNotEqualTo(before);
    configure(CONFIG + ", inputs: {silver.outer: lookup}");
    assertThat(fingerprint("gold.daily")).isNotEqualTo(before);
    configure("materialized: table");
    assertThat(fingerprint("gold.daily")).isNotEqualTo(before);
    configure(CONFIG);
    directory.with("models/gold/daily.sql", "SELECT 2 FROM bronze.clicks JOIN silver.outer");
    assertThat(fingerprint("gold.daily")).isNotEqualTo(before);
  }

  @Test
  void changesWithAViewBehindAView() {
    String before = fingerprint("gold.daily");
    directory.with("models/silver/inner.sql", "SELECT 3 FROM bronze.clicks");
    assertThat(fingerprint("gold.daily")).isNotEqualTo(before);
  }

  @Test
  void doesNotChangeWithTheSqlOfATableItReads() {
    configure(CONFIG + "}}, {name: inner, config: {materialized: table");
    String before = fingerprint("gold.daily");
    directory.with("models/silver/inner.sql", "SELECT 3 FROM bronze.clicks");
    assertThat(fingerprint("gold.daily")).isEqualTo(before);
  }

  @Test
  void changesWithTheRowsOfASeed() throws IOException {
    String before = fingerprint("silver.kinds");
    directory.with("seeds/kinds.csv", "id\n2\n");
    assertThat(fingerprint("silver.kinds")).isNotEqualTo(before);

    Project project = directory.loadWithSql();
    Files.delete(folder.resolve("seeds/kinds.csv"));
    assertThatThrownBy(() -> project.fingerprint(project.model(TableName.parse("silver.kinds"))))
        .hasMessage("Cannot read seed 'seeds/kinds.csv': NoSuchFileException");
  }

  @Test
  void keepsWhatStandsInQuotes() {
    assertThat(SqlText.withoutComments("SELECT  '--  no', \"/* a */\",$$ -- x $$ -- yes"))
        .isEqualTo("SELECT '--  no', \"/* a */\",$$ -- x $$");
    assertThat(SqlText.withoutComments("SELECT 'it''s -- so', E'\\' -- so', $tag$ $$ -- $tag$"))
        .isEqualTo("SELECT 'it''s -- so', E'\\' -- so', $tag$ $$ -- $tag$");
    assertThat(SqlText.withoutComments("a/**/b--\n--c\n /* never ends")).isEqualTo("a b");
    assertThat(SqlText.withoutComments("SELECT 'never ends -- "))
        .isEqualTo("SELECT 'never ends --");
    assertThat(SqlText.withoutComments("SELECT $1 - -1 / 2")).isEqualTo("SELECT $1 - -1 / 2");
  }
}
