package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.ProjectReader;
import io.millrace.project.Sight;
import io.millrace.project.StreamContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VeiledRowTest {

  private static final StreamContract CONTRACT =
      ProjectReader.contract(
          "orders",
          """
          key: id
          live: id
          event_id: id
          event_time: at
          fields:
            id: {type: string, required: true}
            at: {type: timestamp, required: true}
            user: {type: string, pii: pseudonym}
            email: {type: string, pii: clear}
            ip: {type: string, pii: mask, keep: network}
            total: decimal(30,2)
            buyer:
              type: struct
              fields:
                name: {type: string, pii: clear}
                country: string
            lines:
              type: list
              element:
                type: struct
                fields:
                  card: {type: string, pii: pseudonym}
                  product: string
          """);

  private static final String ROW =
      """
      {"id":"1","at":"2026-03-01T12:00:00Z","user":"0a","email":"a@b.c","ip":"10.0.0.0",\
      "total":12345678901234567890.10,"buyer":{"name":"Ann","country":"GB"},\
      "lines":[{"card":"7f","product":"p"},null],"topic_offset":3}""";

  @ParameterizedTest
  @CsvSource({
    "CLEAR, true, true, true, true",
    "PSEUDONYMS, true, false, false, true",
    "HIDDEN, false, false, false, false"
  })
  void aRoleSeesOfARowWhatItSeesOfItsTable(
      Sight sight, boolean user, boolean email, boolean name, boolean card) throws Exception {
    var row = new VeiledRow(CONTRACT, sight).of(ROW);
    assertThat(row.has("user")).isEqualTo(user);
    assertThat(row.has("email")).isEqualTo(email);
    assertThat(row.at("/buyer").has("name")).isEqualTo(name);
    assertThat(row.at("/lines/0").has("card")).isEqualTo(card);
    assertThat(row.at("/buyer/country").asText()).isEqualTo("GB");
    assertThat(row.at("/lines/0/product").asText()).isEqualTo("p");
    assertThat(row.get("ip").asText()).isEqualTo("10.0.0.0");
    assertThat(row.get("topic_offset").asLong()).isEqualTo(3);
  }

  @Test
  void whoSeesAllIsGivenTheRowAsItIs() throws Exception {
    assertThat(new VeiledRow(CONTRACT, Sight.CLEAR).of(ROW)).hasToString(ROW);
  }
}
