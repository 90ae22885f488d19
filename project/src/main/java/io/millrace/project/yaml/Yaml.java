package io.millrace.project.yaml;

import java.util.List;

/** A YAML document as a tree that knows its lines, counted from 1. */
public sealed interface Yaml {

  int line();

  /** What it is, for a message. */
  String kind();

  /**
   * A single value.
   *
   * @param line where the text begins: of a block, the line below its {@code |}
   */
  record Scalar(int line, String text, boolean quoted) implements Yaml {
    @Override
    public String kind() {
      return "a single value";
    }
  }

  record Sequence(int line, List<Yaml> items) implements Yaml {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  record Mapping(int line, List<Entry> entries) implements Yaml {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /** One key of a mapping, with the line the key stands on. */
  record Entry(String key, int line, Yaml value) {}

  /** A value that was left out: nothing, {@code ~} or {@code null}. */
  default boolean isNull() {
    return this instanceof Scalar scalar
        && !scalar.quoted()
        && (scalar.text().isEmpty() || scalar.text().equals("~") || scalar.text().equals("null"));
  }
}
