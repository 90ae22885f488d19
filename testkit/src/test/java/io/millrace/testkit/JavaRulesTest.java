package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaRulesTest {

  private static final String MAIN = "core/src/main/java/Inbox.java";
  private static final String TEST = "core/src/test/java/InboxTest.java";

  @Test
  void findsNothingInATidyType() {
    assertThat(found(MAIN, "/** What came in. */\nclass Inbox {\n  void take() {}\n}\n")).isEmpty();
  }

  @Test
  void wantsAFirstLineOnEveryTypeThatShips() {
    assertThat(found(MAIN, "class Inbox {}\n"))
        .containsExactly(
            MAIN + ":1: 'Inbox' has no first line; say what it is in a Javadoc comment");
    assertThat(found(TEST, "class InboxTest {}\n")).isEmpty();
  }

  @Test
  void wantsNamesThatSayWhatTheThingIs() {
    assertThat(found(MAIN, "/** Looks after mail. */\nclass Mail {\n  class InboxManager {}\n}\n"))
        .containsExactly(MAIN + ":3: 'InboxManager' does not say what it is; name the thing");
  }

  @Test
  void countsTheLinesOfMethodsAndFiles() {
    String longMethod = "  void take() {\n" + "    take();\n".repeat(59) + "  }\n";
    assertThat(found(MAIN, "/** What came in. */\nclass Inbox {\n" + longMethod + "}\n"))
        .containsExactly(MAIN + ":3: 'take' has 61 lines; split it, 60 is the most");
    assertThat(found(MAIN, "/** What came in. */\nclass Inbox {}\n" + "\n".repeat(499)))
        .containsExactly(MAIN + ":500: has 501 lines; split it, 500 is the most");
  }

  @Test
  void leavesMethodsAloneThatAreOneLongStatement() {
    String data =
        "  List<String> all() {\n    return List.of(\n" + "\"a\",\n".repeat(60) + "\"\");\n  }\n";
    assertThat(found(MAIN, "/** What came in. */\nclass Inbox {\n" + data + "}\n")).isEmpty();
  }

  @Test
  void allowsNoTestToSleepOrToBeOff() {
    String test =
        "class InboxTest {\n  @Test\n  @Disabled\n  void waits() {\n    Thread.sleep(1);\n  }\n}\n";
    assertThat(found(TEST, test))
        .containsExactly(
            TEST + ":3: a test is off; mend it or delete it",
            TEST + ":5: a test sleeps; wait for what it needs with Awaitility");
  }

  @Test
  void wantsTestsNamedAsSentences() {
    assertThat(found(TEST, "class InboxTest {\n  @Test void test_take() {}\n}\n"))
        .containsExactly(TEST + ":2: 'test_take' is no sentence; say what holds, in camel case");
  }

  @Test
  void wantsLongQueriesInFiles() {
    String query = "select a\n" + "  , b\n".repeat(6) + "from c\n";
    String type =
        "/** What came in. */\nclass Inbox {\n  String sql = \"\"\"\n" + query + "\"\"\";\n}\n";
    assertThat(found(MAIN, type))
        .containsExactly(MAIN + ":3: a query of more than 6 lines; make it a .sql file");
    assertThat(found(MAIN, type.replace("from", "of"))).isEmpty();
  }

  private static List<String> found(String path, String text) {
    return JavaRules.check(TextFile.of(path, text)).stream().map(Finding::toString).toList();
  }
}
