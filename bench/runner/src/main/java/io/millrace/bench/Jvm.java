package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;

/** How the JVMs of all sides are started: alike. */
final class Jvm {

  static final String QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error";

  /** Flink and Spark look into these. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "sun.nio.ch",
          "sun.security.action");

  private Jvm() {}

  static List<String> options(String... more) {
    List<String> options = new ArrayList<>();
    OPENED.forEach(it -> options.add("--add-opens=java.base/" + it + "=ALL-UNNAMED"));
    options.add("-XX:+UseParallelGC");
    options.addAll(List.of(more));
    return options;
  }
}
