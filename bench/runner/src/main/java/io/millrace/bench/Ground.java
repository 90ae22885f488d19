package io.millrace.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where and how long contests run.
 *
 * @param home of Millrace, which is built
 * @param folder for input that is made once, and for what each run leaves
 * @param rounds how often each side runs
 * @param seconds how long a stream is measured once it is warm
 * @param scale of inputs that have a size
 */
record Ground(Path home, Path folder, int rounds, int seconds, double scale) {

  /** As much of an input as is wanted. */
  long scaled(long whole) {
    return Math.max(1, (long) (whole * scale));
  }

  Path project() {
    return home.resolve("packs/retail");
  }

  /** A JVM with the jars of some folders below {@code dist}, in that order. */
  List<String> java(List<String> options, List<String> jars, String main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(
        jars.stream()
            .map(it -> home.resolve("dist").resolve(it).toString())
            .collect(Collectors.joining(":")));
    command.add(main);
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return command;
  }
}
