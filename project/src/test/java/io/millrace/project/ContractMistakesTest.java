package io.millrace.project;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContractMistakesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("mistakes")
  void saysLineAndRemedy(String right, String wrong, String problem) {
    assertThat(problems(ProjectDirectory.clicks(right, wrong)))
        .containsExactly("streams/clicks.yaml:" + problem);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
            keys(),
            values(),
            references(),
            csv(),
            names(),
            limits(),
            personal(),
            live(),
            types(),
            nested(),
            yaml())
        .flatMap(List::stream);
  }

  private static List<Arguments> keys() {
    return List.of(
        arguments("lateness", "latenes", "6: key 'latenes' is not known; did you mean 'lateness'?"),
        arguments(
            "lateness: 10m",
            "windows: 10m",
            "6: key 'windows' is not known; use one of description, owner, key, event_id,"
                + " event_time, lateness, repeat_window, topic_partitions, partition, evolution,"
                + " max_rejected_percent, live, session_gap, fields, csv"),
        arguments(
            "key: user_id\n",
            "",
            "1: key 'key' is missing; add it: The field within whose values order is kept."),
        arguments(
            "owner: web-team",
            "owner:",
            "2: key 'owner' has no value; write one, or take the key out"));
  }

  private static List<Arguments> values() {
    return List.of(
        arguments(
            "lateness: 10m",
            "lateness: ten minutes",
            "6: 'ten minutes' is not a length of time; write a whole number and a unit"
                + " (ms, s, m, h, d), such as 10m"),
        arguments("lateness: 10m", "repeat_window: 2d", "6: '2d' is too large; use at most 1d"),
        arguments(
            "lateness: 10m",
            "repeat_window: 30s",
            "6: an event id is remembered for 30s, and a producer may wait 20s for an answer before it"
                + " sends again: the event would count twice; make repeat_window at least 40s"),
        arguments("lateness: 10m", "topic_partitions: 0", "6: '0' is too small; use at least 1"),
        arguments(
            "lateness: 10m",
            "topic_partitions: four",
            "6: 'four' is not a whole number; write digits"),
        arguments(
            "evolution: backward",
            "evolution: backwards",
            "8: evolution 'backwards' is not known; did you mean 'backward'?"),
        arguments(
            "owner: web-team",
            "owner: [web, team]",
            "2: a list stands where a text is expected; write it after the key"));
  }

  private static List<Arguments> references() {
    return List.of(
        arguments(
            "key: user_id",
            "key: usr_id",
            "3: field 'usr_id' is not known; did you mean 'user_id'?"),
        arguments(
            "key: user_id",
            "key: item",
            "3: key names 'item', which is not a single value (no struct, no list);"
                + " name another field, or change this one"),
        arguments(
            "event_id: event_id",
            "event_id: user_id",
            "4: event_id names 'user_id', which is not a required string or uuid;"
                + " name another field, or change this one"),
        arguments(
            "event_time: event_time",
            "event_time: event_type",
            "5: event_time names 'event_type', which is not a required timestamp;"
                + " name another field, or change this one"),
        arguments(
            "partition: day(event_time)",
            "partition: day(user_id)",
            "7: partition names 'user_id', which is not a timestamp or date;"
                + " name another field, or change this one"),
        arguments(
            "partition: day(event_time)",
            "partition: bucket(usr_id, 16)",
            "7: field 'usr_id' is not known; did you mean 'user_id'?"),
        arguments(
            "partition: day(event_time)",
            "partition: hour(event_time)",
            "7: 'hour(event_time)' is not a partition;"
                + " write day(event_time) or bucket(user_id, 16)"));
  }

  private static List<Arguments> csv() {
    return List.of(
        arguments(
            "lateness: 10m",
            "csv: {columns: {Id: event_id, Type: event_type, Time: event_time, User: usr_id}}",
            "6: field 'usr_id' is not known; did you mean 'user_id'?"),
        arguments(
            "lateness: 10m",
            "csv: {columns: {Id: event_id, Type: event_type}}",
            "6: no column fills the required field 'event_time';"
                + " add one, or every row would be rejected"),
        arguments(
            "lateness: 10m",
            "csv: {columns: {Id: event_id, Type: event_type, At: event_time, Also: event_type}}",
            "6: columns 'Type' and 'Also' both fill 'event_type'; keep one of them"),
        arguments(
            "lateness: 10m",
            "csv: {zone: Europe/Londn}",
            "6: zone 'Europe/Londn' is not known; did you mean 'Europe/London'?"),
        arguments(
            "lateness: 10m",
            "csv: {timestamp_pattern: yyyy-bb}",
            "6: 'yyyy-bb' is not a timestamp pattern;"
                + " write one of Java's DateTimeFormatter, such as yyyy-MM-dd HH:mm:ss"),
        arguments(
            "lateness: 10m",
            "csv: {delimiter: '||'}",
            "6: '||' is not a single character; write one in quotes, such as ';' or \"\\t\""));
  }

  private static List<Arguments> names() {
    return List.of(
        arguments(
            "  user_id: string",
            "  user_id: {type: string, aliases: [event_type]}",
            "13: alias 'event_type' of 'user_id' stands for 'event_type' already; give it to one field only"),
        arguments(
            "  user_id: string",
            "  user_id: {type: string, aliases: [userId]}",
            "13: alias 'userId' cannot be a field's name; write the name that the field had"),
        arguments(
            "  user_id: string",
            "  user_id: {type: string, aliases: [received]}",
            "13: alias 'received' is reserved for a column that Millrace adds; take it out"),
        arguments(
            "user_id: string\n",
            "user_id: string\n  userAgent: string\n",
            "14: 'userAgent' cannot be a field's name;"
                + " use lower-case letters, digits and '_', starting with a letter"),
        arguments(
            "tags:",
            "_deleted:",
            "15: '_deleted' cannot be a field's name; names that start with '_' are reserved"),
        arguments(
            "tags:",
            "topic_offset:",
            "15: the name 'topic_offset' is reserved for a column that Millrace adds;"
                + " give the field another name"),
        arguments(
            "event_id: event_id",
            "event_id: {derived_from: [user_id, event_time]}",
            "10: the name 'event_id' is reserved for the derived event id;"
                + " declare it with 'event_id: event_id', or give the field another name"));
  }

  private static List<Arguments> limits() {
    return List.of(
        arguments(
            "user_id: string",
            "user_id: {type: string, gdpr: mask}",
            "13: key 'gdpr' is not known; use one of type, required, one_of, min, max, max_length,"
                + " description, aliases, deprecated, pii, keep, fields, element"),
        arguments(
            "user_id: string",
            "user_id: {type: string, requird: true}",
            "13: key 'requird' is not known; did you mean 'required'?"),
        arguments(
            "user_id: string",
            "user_id: {type: string, required: yes}",
            "13: 'yes' is not true or false; write true or false"),
        arguments(
            "quantity: {type: int, min: 1}",
            "quantity: {type: int, min: 5, max: 1}",
            "14: min 5 is more than max 1; no value could satisfy both; swap them"),
        arguments(
            "quantity: {type: int, min: 1}",
            "quantity: {type: int, one_of: [1, 2]}",
            "14: key 'one_of' is only for a string; take it out, or change the type"),
        arguments(
            "user_id: string",
            "user_id: {type: string, min: 1}",
            "13: key 'min' is only for a number; take it out, or change the type"),
        arguments(
            "one_of: [page_view, search]",
            "one_of: [search, search]",
            "11: one_of names 'search' twice; name it once"),
        arguments(
            "one_of: [page_view, search]",
            "one_of: []",
            "11: the list is empty; name at least one, or leave the key out"));
  }

  private static List<Arguments> personal() {
    return List.of(
        arguments(
            "quantity: {type: int, min: 1}",
            "quantity: {type: int, pii: pseudonym}",
            "14: int cannot have a pseudonym; make it a string, uuid or long, or write 'pii: clear'"),
        arguments(
            "quantity: {type: int, min: 1}",
            "quantity: {type: long, pii: mask}",
            "14: long cannot have a mask; make it a string, or write 'pii: clear'"),
        arguments(
            "user_id: string",
            "user_id: {type: string, pii: pseudonym, keep: domain}",
            "13: key 'keep' is only for what 'pii: mask' leaves; take it out"),
        arguments(
            "user_id: string",
            "user_id: {type: string, pii: masked}",
            "13: treatment 'masked' is not known; did you mean 'mask'?"),
        arguments(
            "event_id: {type: uuid, required: true}",
            "event_id: {type: uuid, required: true, pii: pseudonym}",
            "4: event_id names 'event_id', which has 'pii': a proof needs the id as it came;"
                + " name a field that tells nothing of a person, or derive the id"));
  }

  private static List<Arguments> live() {
    return List.of(
        arguments(
            "lateness: 10m",
            "live: usr_id",
            "6: field 'usr_id' is not known; did you mean 'user_id'?"),
        arguments(
            "lateness: 10m",
            "live: user_id",
            "6: live names 'user_id', which is not a required string, uuid, int or long;"
                + " name another field, or change this one"),
        arguments(
            "fields:\n",
            "live: card\nfields:\n  card: {type: string, required: true, pii: mask}\n",
            "9: live names 'card', whose values are masked: many people would share one row;"
                + " name another field, or keep pseudonyms with 'pii: pseudonym'"),
        arguments("lateness: 10m", "session_gap: 2d", "6: '2d' is too large; use at most 1d"));
  }

  private static List<Arguments> types() {
    return List.of(
        arguments(
            "user_id: string",
            "user_id: strng",
            "13: type 'strng' is not known; did you mean 'string'?"),
        arguments(
            "user_id: string",
            "user_id: varchar",
            "13: type 'varchar' is not known; did you mean 'string'?"),
        arguments(
            "user_id: string",
            "user_id: {type: geography}",
            "13: type 'geography' is not known; use one of string, boolean, int, long, double,"
                + " date, timestamp, uuid, decimal(12,2), struct, list"),
        arguments(
            "decimal(12,2)",
            "decimal(40,2)",
            "14: decimal(40,2) does not exist;"
                + " write decimal(digits,places) with 1 to 38 digits and no more places than digits"));
  }

  private static List<Arguments> nested() {
    return List.of(
        arguments(
            "user_id: string",
            "user_id: struct",
            "13: a struct has no fields; write {type: struct, fields: {name: string}}"),
        arguments(
            "element: string",
            "fields: {a: string}, element: string",
            "15: key 'fields' is only for a struct; take it out, or change the type"),
        arguments(
            "element: string",
            "element: {type: string, min: 1}",
            "15: key 'min' is not known; use one of type, fields, element"),
        arguments(
            "price: \"decimal(12,2)\"",
            "price: {type: struct, fields: {}}",
            "14: the mapping is empty; name at least one, or leave the key out"),
        arguments(
            "user_id: string",
            "user_id: [string]",
            "13: a list stands where a type is expected; write one of string, boolean, int, long,"
                + " double, date, timestamp, uuid, decimal(12,2), struct, list"));
  }

  private static List<Arguments> yaml() {
    return List.of(
        arguments(
            "\"decimal(12,2)\"",
            "decimal(12,2)",
            "14: a comma cuts 'decimal(12,2)' in two; put it in quotes"),
        arguments(
            "owner: web-team",
            "owner: team: web",
            "2: this is not YAML: mapping values are not allowed here; put the value in quotes"),
        arguments(
            "owner: web-team",
            "owner: @web",
            "2: this is not YAML: found character '@' that cannot start any token;"
                + " put the value in quotes"),
        arguments(
            "[page_view, search]",
            "[page_view, ~]",
            "11: an entry of the list is empty; write it, or take it out"),
        arguments(
            "owner: web-team",
            "owner: web-team\nowner: shop-team",
            "3: key 'owner' was given before, on line 2; keep one of them"),
        arguments(
            "  user_id: string",
            "\tuser_id: string",
            "13: the line is indented with a tab; indent with spaces"),
        arguments(
            "owner: web-team", "owner: *team", "2: alias '*team' is not read; write the value out"),
        arguments(
            "owner: web-team",
            "owner: [web-team",
            "3: this is not YAML: expected ',' or ']', but got :"
                + " (while parsing a flow sequence that begins on line 2);"
                + " correct this line or the one before"),
        arguments(
            "owner: web-team",
            "[a, b]: web-team",
            "2: a key is not a single word; write it as 'key: value'"),
        arguments(
            "user_id: string",
            "user_id: string\n---\na: b",
            "14: a second document begins; keep one in each file"),
        arguments(
            "owner: web-team",
            "owner: " + "[".repeat(100_000),
            "2: values are nested more than 32 deep; flatten them"));
  }

  @Test
  void saysAllMistakesOfAFileAndNothingThatFollowsFromThem() {
    assertThat(
            problems(
                """
                key: user_id
                event_id: event_id
                event_time: event_time
                fields:
                  event_id: {type: uid, required: true}
                  event_time: {type: timestamp, required: true}
                  user_id: {typ: string}
                """))
        .containsExactly(
            "streams/clicks.yaml:5: type 'uid' is not known; did you mean 'uuid'?",
            "streams/clicks.yaml:7: key 'typ' is not known; did you mean 'type'?",
            "streams/clicks.yaml:7: key 'type' is missing; add it: One of `string`, `boolean`,"
                + " `int`, `long`, `double`, `date`, `timestamp`, `uuid`, `decimal(12,2)`,"
                + " `struct`, `list`.");
  }

  @Test
  void refusesSessionsOfAMaskedKey() {
    assertThat(
            problems(
                ProjectDirectory.clicks("key: user_id\n", "key: user_id\nsession_gap: 30m\n")
                    .replace("user_id: string", "user_id: {type: string, pii: mask}")))
        .containsExactly(
            "streams/clicks.yaml:4: sessions are those of a key, and the values of 'user_id' are"
                + " masked: many people would share one; name another key, or keep pseudonyms with"
                + " 'pii: pseudonym'");
  }

  @Test
  void saysThatAFileIsEmptyOrNoMapping() {
    assertThat(problems("# later\n"))
        .containsExactly(
            "streams/clicks.yaml: the file is empty;"
                + " describe the stream: key, event_id, event_time, fields");
    assertThat(problems("- a\n- b\n"))
        .singleElement()
        .asString()
        .startsWith("streams/clicks.yaml:1: a list stands where a mapping is expected; write");
  }

  @Test
  void saysWhichLineIsNotUtf8() {
    byte[] bytes = "owner: web\nkey: \u00e9".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(directory().with("streams/clicks.yaml", bytes).problems())
        .containsExactly("streams/clicks.yaml:2: the file is not UTF-8; save it as UTF-8");
  }

  @Test
  void refusesMoreFieldsThanATableCanHave() {
    String fields =
        IntStream.range(0, 1_001).mapToObj(i -> "  a" + i + ": string\n").collect(joining());
    assertThat(problems("key: a0\nevent_id: a1\nevent_time: a2\nfields:\n" + fields))
        .containsExactly("streams/clicks.yaml:5: there are 1001 entries; 1000 are the most");
  }

  @Test
  void refusesAFileOfMoreThanAMebibyte() {
    String padding = "#".repeat(1 << 20);
    assertThat(problems(padding + "\n"))
        .containsExactly(
            "streams/clicks.yaml: the file is larger than 1 MiB; make it smaller, or split it");
  }

  private ProjectDirectory directory() {
    return new ProjectDirectory(folder).with("millrace.yaml", "");
  }

  private List<String> problems(String contract) {
    return directory().with("streams/clicks.yaml", contract).problems();
  }
}
