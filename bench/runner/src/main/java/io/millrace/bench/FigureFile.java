package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A file of figures, one of each name. */
final class FigureFile {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private FigureFile() {}

  /** Puts figures behind those that the file has, in the place of those of the same name. */
  static void put(Path file, List<Figure> figures) throws IOException {
    Set<String> names = figures.stream().map(Figure::bench).collect(Collectors.toSet());
    ArrayNode all = JSON.createArrayNode();
    if (Files.exists(file)) {
      for (JsonNode it : JSON.readTree(file.toFile())) {
        if (!names.contains(it.path("bench").asText())) {
          all.add(it);
        }
      }
    }
    figures.forEach(it -> all.add(JSON.valueToTree(it.toJson())));
    Files.writeString(file, JSON.writeValueAsString(all) + "\n");
  }
}
