package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who sees what: a role for each kind of reader.
 *
 * @param byDefault of a reader who shows no key
 */
public record Roles(SortedMap<String, Sight> sights, String byDefault) {

  /** The role that sees everything, in every project. */
  public static final String OWNER = "owner";

  /** Those of a project that says nothing of roles. */
  public static final Roles DEFAULTS =
      new Roles(
          new TreeMap<>(
              Map.of(OWNER, Sight.CLEAR, "analyst", Sight.PSEUDONYMS, "guest", Sight.HIDDEN)),
          OWNER);

  public Roles {
    sights = Collections.unmodifiableSortedMap(new TreeMap<>(sights));
    if (!sights.containsKey(byDefault)) {
      throw new IllegalArgumentException("no role " + byDefault);
    }
  }

  /** What a role that must exist sees. */
  public Sight sight(String role) {
    Sight sight = sights.get(role);
    if (sight == null) {
      throw MillraceException.caller(
          "Cannot find role '%s': %s"
              .formatted(role, NearMatch.remedy(List.copyOf(sights.keySet()), role)));
    }
    return sight;
  }
}
