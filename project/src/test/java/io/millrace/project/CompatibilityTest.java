package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Compatibility.Incompatibility;
import io.millrace.project.StreamContract.Evolution;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Named;
import io.millrace.project.yaml.Yaml;
import io.millrace.project.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may follow an accepted contract: a table of fields, and what an event means. */
class CompatibilityTest {

  record Case(String accepted, String wanted, String backward, String forward) {}

  static Stream<Case> cases() throws IOException {
    try (InputStream in = CompatibilityTest.class.getResourceAsStream("compatibility.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(line -> line.split(" \\| ", -1))
              .map(columns -> new Case(columns[0], columns[1], columns[2], columns[3]))
              .toList()
              .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsTheTable(Case expected) {
    List<Field> accepted = fields(expected.accepted());
    List<Field> wanted = fields(expected.wanted());

    assertThat(found(accepted, wanted, Evolution.BACKWARD)).isEqualTo(expected.backward());
    assertThat(found(accepted, wanted, Evolution.FORWARD)).isEqualTo(expected.forward());
    assertThat(Compatibility.between(accepted, wanted, Evolution.FULL))
        .containsAll(Compatibility.between(accepted, wanted, Evolution.BACKWARD))
        .containsAll(Compatibility.between(accepted, wanted, Evolution.FORWARD));
  }

  private static String found(List<Field> accepted, List<Field> wanted, Evolution rule) {
    List<Incompatibility> found = Compatibility.between(accepted, wanted, rule);
    return found.isEmpty()
        ? "ok"
        : found.stream().map(it -> it.path() + " " + it.kind()).collect(Collectors.joining(", "));
  }

  private static List<Field> fields(String text) {
    Flaws flaws = new Flaws();
    List<Named<Field>> fields =
        YamlText.parse("f: " + text, flaws)
            .map(it -> ((Yaml.Mapping) it).entries().get(0).value())
            .flatMap(it -> FieldShape.FIELDS.form().read(it, flaws))
            .orElseThrow();
    assertThat(flaws.found()).isEmpty();
    return fields.stream().map(Named::value).toList();
  }

  private static final String CONTRACT =
      """
      key: user
      event_id: id
      event_time: at
      fields:
        id: {type: uuid, required: true}
        at: {type: timestamp, required: true}
        user: string
        visits: int
        share: long
      """;

  @Test
  void saysWhyInASentence() {
    assertThat(reasons(CONTRACT.replace("user: string", "user: {type: string, max_length: 9}")))
        .containsExactly(
            "the new contract allows no 'user' of more than 9 bytes, where events of the accepted contract may have 65536");
    assertThat(reasons(CONTRACT + "  more: {type: int, required: true}\n"))
        .containsExactly(
            "the new contract requires 'more', which events of the accepted contract do not have");
  }

  @Test
  void whatAnEventMeansNeverChanges() {
    assertThat(reasons(CONTRACT.replace("key: user", "key: visits")))
        .containsExactly(
            "key was user and is visits: events of one key would lie in several partitions, where neither order nor repeats are seen");
    assertThat(reasons(CONTRACT.replace("event_id: id", "event_id: {derived_from: [id]}")))
        .containsExactly(
            "event_id was id and is derived from id: an event sent before and after would count twice");
    assertThat(reasons("topic_partitions: 8\n" + CONTRACT))
        .containsExactly(
            "topic_partitions was 4 and is 8: a key would move to another partition, and its events out of order");
  }

  @Test
  void aRenamedKeyIsTheSameKey() {
    assertThat(
            reasons(
                CONTRACT
                    .replace("key: user", "key: person")
                    .replace("user: string", "person: {type: string, aliases: [user]}")
                    .replace("event_id: id", "event_id: ident")
                    .replace(" id: {", " ident: {aliases: [id], ")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"visits: double", "share: double"})
  void whatTablesHoldStays(String change) {
    String name = change.substring(0, change.indexOf(':'));

    assertThat(reasons(CONTRACT.replaceAll(name + ": .*", change)))
        .singleElement()
        .asString()
        .matches("tables hold '" + name + "' as .*, and such a column cannot become double");
  }

  @Test
  void pseudonymsAndValuesAreNotMixedInOneColumn() {
    String wanted = CONTRACT.replace("user: string", "user: {type: string, pii: pseudonym}");

    assertThat(reasons(wanted))
        .containsExactly("tables hold the values of 'user', and new rows would have pseudonyms");
    assertThat(reasons(CONTRACT.replace("user: string", "user: {type: string, pii: clear}")))
        .isEmpty();
  }

  private static List<String> reasons(String wanted) {
    return Compatibility.between(contract(CONTRACT), contract(wanted), Evolution.BACKWARD).stream()
        .map(Incompatibility::what)
        .toList();
  }

  private static StreamContract contract(String text) {
    Flaws flaws = new Flaws();
    StreamContract contract =
        YamlText.parse(text, flaws)
            .flatMap(it -> ContractReader.read("clicks", it, flaws))
            .orElse(null);
    assertThat(flaws.found()).isEmpty();
    return contract;
  }
}
