package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.SqlReader.Reference;
import io.millrace.project.SqlReader.Sql;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Any text at all at the SQL door: it is a SELECT over tables that have names, or it is refused
 * with a line and a sentence. Plain tests run it on the kept inputs; {@code -Pfuzz} looks for
 * others.
 */
class SqlFuzzTest {

  private static final DuckDbSqlReader READER = new DuckDbSqlReader();
  private static final Pattern NAME =
      Pattern.compile("\\w+(\\.\\w+)?", Pattern.UNICODE_CHARACTER_CLASS);

  private static final Map<TableName, List<String>> TABLES =
      Map.of(
          TableName.bronze("clicks"), List.of("event_id", "event_time", "item"),
          TableName.parse("gold.daily_sales"), List.of("day", "revenue"));

  @FuzzTest(maxDuration = "", maxExecutions = 400_000)
  @DictionaryFile(resourcePath = "sql.dict")
  void isASelectOrRefused(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Sql sql = READER.read(text);
    long lines = text.lines().count() + 1;
    if (sql instanceof Sql.Refused refused) {
      assertThat((long) refused.line()).as(refused::toString).isBetween(1L, lines);
      assertThat(refused.what()).isNotBlank();
      assertThat(refused.remedy()).isNotBlank();
    } else {
      for (Reference reference : ((Sql.Select) sql).references()) {
        assertThat(reference.table()).matches(NAME);
        assertThat((long) reference.line()).isBetween(1L, lines);
      }
      trace(text);
    }
  }

  /** Says where each column comes from, or why it cannot. */
  private static void trace(String text) {
    try {
      assertThat(READER.trace(text, TABLES).notes()).isNotNull();
    } catch (MillraceException e) {
      assertThat(e.code()).as(e::getMessage).isEqualTo(MillraceException.Code.CALLER);
    }
  }
}
