package io.millrace.project;

import io.millrace.project.Personal.Treatment;
import java.util.Optional;

/** What somebody sees of values that tell who somebody is. */
public enum Sight {
  /** None of them. */
  HIDDEN,
  /** Pseudonyms, by which rows can be counted and joined. */
  PSEUDONYMS,
  /** All of them. */
  CLEAR;

  /**
   * Whether values are shown.
   *
   * @param treatment empty if they tell nothing of a person
   */
  public boolean shows(Optional<Treatment> treatment) {
    return switch (this) {
      case HIDDEN -> treatment.isEmpty();
      case PSEUDONYMS -> treatment.filter(it -> it == Treatment.CLEAR).isEmpty();
      case CLEAR -> true;
    };
  }
}
