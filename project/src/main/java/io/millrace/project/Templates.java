package io.millrace.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Renders the Jinja of projects written for dbt. A port: it takes a library that this module must
 * not know.
 *
 * <p>What a template can hold is plain: texts, numbers, truths, lists, maps, and what implements
 * {@link Function} or {@link Thing}. Nothing else can be reached from one.
 */
public interface Templates {

  /** Reads files of macros, each with the package it belongs to; the first of a name counts. */
  Macros macros(List<MacroFile> files);

  /** A variable of the environment, if there is one and it is not to be kept from templates. */
  Optional<String> variable(String name);

  /**
   * A text with Jinja in it.
   *
   * @param line of the file, on which the text begins
   */
  record Source(Path file, int line, String text) {}

  /**
   * A file of macros.
   *
   * @param owner the dbt package, by whose name others call the macros
   */
  record MacroFile(String owner, Source source) {}

  /** Macros, and templates that may call them. Not safe for several threads. */
  interface Macros {

    /** What is wrong with the files; their other macros can be called. */
    List<Rendered.Refused> flaws();

    /**
     * A macro by its name, or by its package and name, to be called while something is rendered.
     */
    Optional<Object> find(String name);

    /** The names of all. */
    Set<String> names();

    Rendered render(Source source, Map<String, Object> names);
  }

  /** What came of a template. */
  sealed interface Rendered {

    record Text(String text) implements Rendered {}

    /**
     * The template cannot be rendered.
     *
     * @param file that of the template, or of a macro it calls
     */
    record Refused(Path file, int line, String what, String remedy) implements Rendered {}
  }

  /** What a template can call. */
  @FunctionalInterface
  interface Function {
    Object call(Arguments arguments);
  }

  /** What a template can ask for parts of. Its text is {@link Object#toString}. */
  @FunctionalInterface
  interface Thing {

    /** A part; null if there is none of this name. */
    Object get(String name);
  }

  /** What a function was called with. */
  record Arguments(List<Object> inOrder, Map<String, Object> byName) {

    /** An argument by its place or its name; null if it was not given. */
    public Object get(int place, String name) {
      return place < inOrder.size() ? inOrder.get(place) : byName.get(name);
    }

    /** An argument that must be given, as text. */
    public String text(int place, String name) {
      Object value = get(place, name);
      if (value == null) {
        throw new Problem("argument '" + name + "' is missing", "give it");
      }
      return value.toString();
    }

    public boolean has(int place, String name) {
      return place < inOrder.size() || byName.containsKey(name);
    }
  }

  /** What a function cannot do, to be told with the place it was called in. */
  final class Problem extends RuntimeException {
    private final String remedy;

    public Problem(String what, String remedy) {
      super(what, null, false, false);
      this.remedy = remedy;
    }

    public String remedy() {
      return remedy;
    }
  }
}
