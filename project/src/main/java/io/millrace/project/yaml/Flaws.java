package io.millrace.project.yaml;

import io.millrace.core.NearMatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What is wrong with one file, as it is found. */
public final class Flaws {

  private final List<Flaw> found = new ArrayList<>();

  public void add(int line, String what, String remedy) {
    found.add(new Flaw(line, what, remedy));
  }

  /** A word that is none of the known ones. */
  public void unknown(int line, String noun, String word, Collection<String> known) {
    add(line, noun + " '" + word + "' is not known", NearMatch.remedy(known, word));
  }

  /** A key that a mapping has twice. */
  void repeated(String key, int line, int first) {
    add(line, "key '" + key + "' was given before, on line " + first, "keep one of them");
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public List<Flaw> found() {
    return List.copyOf(found);
  }
}
