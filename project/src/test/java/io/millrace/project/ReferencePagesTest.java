package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Golden;
import io.millrace.testkit.Repository;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferencePagesTest {

  @Test
  void schemaOfContractsIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("schemas/stream.schema.json"), ReferencePages.contractSchema());
  }

  @Test
  void schemaOfTheMainFileIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("schemas/millrace.schema.json"), ReferencePages.mainSchema());
  }

  @Test
  void pageOfContractsIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("docs/reference/contract.md"), ReferencePages.contract());
  }

  @Test
  void pageOfSettingsIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("docs/reference/settings.md"), ReferencePages.settings());
  }

  @Test
  void schemaOfPropertiesIsWhatTheReaderReads() {
    Golden.assertMatches(
        Path.of("schemas/properties.schema.json"), ReferencePages.propertiesSchema());
  }

  @Test
  void schemaOfBalancesIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("schemas/balance.schema.json"), ReferencePages.balanceSchema());
  }

  @Test
  void schemaOfCalendarsIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("schemas/calendar.schema.json"), ReferencePages.calendarSchema());
  }

  @Test
  void schemaOfReportsIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("schemas/report.schema.json"), ReferencePages.reportSchema());
  }

  @Test
  void pageOfReportsIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("docs/reference/reports.md"), ReferencePages.reports());
  }

  @Test
  void schemaOfPracticeIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("schemas/practice.schema.json"), ReferencePages.practiceSchema());
  }

  @Test
  void pageOfPracticeIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("docs/reference/practice.md"), ReferencePages.practice());
  }

  @Test
  void pageOfQuestionsIsWhatThePackAsks() {
    Project retail = ProjectReader.load(Repository.here().root().resolve("packs/retail"));
    Golden.assertMatches(Path.of("docs/questions.md"), QuestionsPage.text(retail.questions()));
  }

  @Test
  void pageOfModelsIsWhatTheReaderReads() {
    Golden.assertMatches(Path.of("docs/reference/models.md"), ModelsPage.text());
  }

  @Test
  void exampleOnThePageOfModelsHasNoMistakes(@TempDir Path folder) {
    ProjectDirectory directory =
        new ProjectDirectory(folder)
            .with("millrace.yaml", "")
            .with("streams/orders.yaml", ProjectDirectory.CLICKS)
            .with("seeds/countries.csv", "code,name\n")
            .with("models/silver/sales.sql", "SELECT 1 FROM bronze.orders")
            .with("models/gold/daily_sales.sql", "SELECT 1 FROM silver.sales JOIN silver.countries")
            .with("models/schema.yml", ModelsPage.PROPERTIES)
            .with("tests/no_day_is_below_zero.sql", ModelsPage.SINGULAR_TEST)
            .with("calendars/dim_date.yaml", ModelsPage.CALENDAR)
            .with("balances/revenue.yaml", ModelsPage.BALANCE);
    assertThat(directory.problemsWithSql()).isEmpty();
    assertThat(directory.loadWithSql().tests()).hasSize(6);
  }
}
