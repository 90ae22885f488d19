package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which files tables consist of, in a file: a line with table, tab and path for each. */
public final class FileLists {

  private FileLists() {}

  public static void write(Path list, Map<String, List<String>> files) throws IOException {
    List<String> lines = new ArrayList<>();
    files.forEach((table, of) -> of.forEach(file -> lines.add(table + "\t" + file)));
    Files.write(list, lines);
  }

  public static Map<String, List<String>> read(Path list) throws IOException {
    return Files.readAllLines(list).stream()
        .map(line -> line.split("\t", 2))
        .collect(
            Collectors.groupingBy(
                it -> it[0], TreeMap::new, Collectors.mapping(it -> it[1], Collectors.toList())));
  }
}
