package io.millrace.core;

import java.util.Map;

/** A text of SQL in a file beside a class, with holes such as {@code ${key}}. */
public final class SqlFile {

  private SqlFile() {}

  /**
   * The text with its holes filled.
   *
   * @param name of the file, without {@code .sql}
   */
  public static String fill(Class<?> home, String name, Map<String, String> holes) {
    String text = MetadataTables.script(home, name + ".sql").strip();
    for (Map.Entry<String, String> hole : holes.entrySet()) {
      text = text.replace("${" + hole.getKey() + "}", hole.getValue());
    }
    return text;
  }
}
