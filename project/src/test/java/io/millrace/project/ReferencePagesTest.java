package io.millrace.project;

import io.millrace.testkit.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
}
