package io.millrace.project;

import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.TextFile;
import io.millrace.project.yaml.Yaml;
import io.millrace.project.yaml.YamlText;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * On which line of a contract each key is, and each field.
 *
 * @param keys by name
 * @param fields by path, {@code item.price}, {@code items[].price}
 */
record ContractLines(Map<String, Integer> keys, Map<String, Integer> fields) {

  /** Of a file that has been read without flaws. */
  static ContractLines of(Path file) {
    ContractLines lines = new ContractLines(new HashMap<>(), new HashMap<>());
    Flaws flaws = new Flaws();
    TextFile.read(file, flaws)
        .flatMap(text -> YamlText.parse(text, flaws))
        .ifPresent(
            document -> {
              for (Yaml.Entry entry : ((Yaml.Mapping) document).entries()) {
                lines.keys.put(entry.key(), entry.line());
              }
              lines.add("", document);
            });
    return lines;
  }

  /** The fields of a contract, of a struct or of a list's elements. */
  private void add(String parent, Yaml written) {
    value(written, ContractShape.FIELDS.name())
        .filter(Yaml.Mapping.class::isInstance)
        .ifPresent(
            fields -> {
              for (Yaml.Entry field : ((Yaml.Mapping) fields).entries()) {
                String path = parent + field.key();
                this.fields.put(path, field.line());
                add(path + ".", field.value());
                value(field.value(), FieldShape.ELEMENT.name())
                    .ifPresent(element -> add(path + "[].", element));
              }
            });
  }

  private static Optional<Yaml> value(Yaml written, String key) {
    return written instanceof Yaml.Mapping mapping
        ? mapping.entries().stream()
            .filter(entry -> entry.key().equals(key))
            .map(Yaml.Entry::value)
            .findFirst()
        : Optional.empty();
  }

  /** The line of a field, or of what it is in; 0 if that is the file. */
  int field(String path) {
    String known = path;
    while (!fields.containsKey(known) && known.indexOf('.') >= 0) {
      known = known.substring(0, known.lastIndexOf('.'));
    }
    return fields.getOrDefault(known.replaceAll("(\\[])+$", ""), 0);
  }

  int key(String name) {
    return keys.getOrDefault(name, 0);
  }
}
