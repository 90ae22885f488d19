package io.millrace.project.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Makes a tree of YAML text. The tree is built from the parser's events rather than composed by the
 * library, so that depth is limited before it is reached and aliases, which a few lines of can grow
 * without bound, are refused where they stand.
 */
public final class YamlText {

  public static final int MAX_DEPTH = 32;

  private final String text;
  private final Iterator<Event> events;
  private final Flaws flaws;

  private YamlText(String text, Flaws flaws) {
    this.text = text;
    this.flaws = flaws;
    this.events = new Parse(LoadSettings.builder().build()).parseString(text).iterator();
  }

  /**
   * The tree of a document. A document without content is a null. Empty if the text is not YAML
   * that we read, and then the flaws say why.
   */
  public static Optional<Yaml> parse(String text, Flaws flaws) {
    YamlText reader = new YamlText(text, flaws);
    try {
      return Optional.of(reader.document());
    } catch (Refused refused) {
      flaws.add(refused.flaw.line(), refused.flaw.what(), refused.flaw.remedy());
    } catch (MarkedYamlEngineException e) {
      reader.explain(e);
    } catch (YamlEngineException e) {
      flaws.add(0, "the file is not YAML: " + e.getMessage(), "correct it");
    }
    return Optional.empty();
  }

  private Yaml document() {
    Yaml root = new Yaml.Scalar(1, "", false);
    boolean found = false;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          if (found) {
            throw new Refused(line(event), "a second document begins", "keep one in each file");
          }
          found = true;
        }
        default -> root = node(event, 1);
      }
    }
    return root;
  }

  private Yaml node(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw new Refused(
          line(event), "values are nested more than " + MAX_DEPTH + " deep", "flatten them");
    }
    if (event instanceof ScalarEvent scalar) {
      return new Yaml.Scalar(
          scalar.isLiteral() || scalar.isFolded() ? line(event) + 1 : line(event),
          scalar.getValue(),
          !scalar.isPlain());
    } else if (event instanceof SequenceStartEvent) {
      return sequence(line(event), depth);
    } else if (event instanceof MappingStartEvent) {
      return mapping(line(event), depth);
    } else if (event instanceof AliasEvent alias) {
      throw new Refused(
          line(event), "alias '*" + alias.getAlias() + "' is not read", "write the value out");
    }
    throw new IllegalStateException("Unexpected in YAML: " + event);
  }

  private Yaml sequence(int line, int depth) {
    List<Yaml> items = new ArrayList<>();
    for (Event next = next(); next.getEventId() != Event.ID.SequenceEnd; next = next()) {
      items.add(node(next, depth + 1));
    }
    return new Yaml.Sequence(line, items);
  }

  private Yaml mapping(int line, int depth) {
    List<Yaml.Entry> entries = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (Event next = next(); next.getEventId() != Event.ID.MappingEnd; next = next()) {
      if (!(node(next, depth + 1) instanceof Yaml.Scalar key)) {
        throw new Refused(line(next), "a key is not a single word", "write it as 'key: value'");
      }
      Yaml value = node(next(), depth + 1);
      if (isRest(key, value, entries)) {
        joinRest(key, entries);
        continue;
      }
      Integer first = lines.putIfAbsent(key.text(), key.line());
      if (first == null) {
        entries.add(new Yaml.Entry(key.text(), key.line(), value));
      } else {
        flaws.repeated(key.text(), key.line(), first);
      }
    }
    return new Yaml.Mapping(line, entries);
  }

  // In {type: decimal(12,2)} the comma ends the value, and "2)" becomes a key without a value.
  private static boolean isRest(Yaml.Scalar key, Yaml value, List<Yaml.Entry> entries) {
    return key.text().endsWith(")")
        && value.isNull()
        && !entries.isEmpty()
        && entries.get(entries.size() - 1).value() instanceof Yaml.Scalar before
        && !before.quoted()
        && before.text().indexOf('(') > before.text().indexOf(')');
  }

  private void joinRest(Yaml.Scalar rest, List<Yaml.Entry> entries) {
    Yaml.Entry last = entries.remove(entries.size() - 1);
    String joined = ((Yaml.Scalar) last.value()).text() + "," + rest.text();
    flaws.add(rest.line(), "a comma cuts '" + joined + "' in two", "put it in quotes");
    entries.add(
        new Yaml.Entry(last.key(), last.line(), new Yaml.Scalar(rest.line(), joined, true)));
  }

  private Event next() {
    Event event = events.next();
    return event.getEventId() == Event.ID.Comment ? next() : event;
  }

  private void explain(MarkedYamlEngineException e) {
    int line = e.getProblemMark().or(e::getContextMark).map(mark -> mark.getLine() + 1).orElse(0);
    String written = line == 0 ? "" : text.lines().skip(line - 1L).findFirst().orElse("");
    String indent = written.substring(0, written.length() - written.stripLeading().length());
    if (indent.contains("\t")) {
      flaws.add(line, "the line is indented with a tab", "indent with spaces");
    } else {
      flaws.add(line, "this is not YAML: " + problem(e) + begun(e, line), remedy(e));
    }
  }

  /** What the library says, without its advice. */
  private static String problem(MarkedYamlEngineException e) {
    return e.getProblem().replaceFirst("\\. \\(Do not .*", "");
  }

  private static String begun(MarkedYamlEngineException e, int line) {
    return e.getContextMark()
        .map(mark -> mark.getLine() + 1)
        .filter(first -> first != line)
        .map(first -> " (" + e.getContext() + " that begins on line " + first + ")")
        .orElse("");
  }

  private static String remedy(MarkedYamlEngineException e) {
    boolean unquoted =
        e.getProblem().startsWith("mapping values are not allowed")
            || e.getProblem().contains("cannot start any token");
    return unquoted ? "put the value in quotes" : "correct this line or the one before";
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  /** Ends the reading of a file whose rest would make no sense. */
  private static final class Refused extends RuntimeException {
    private final transient Flaw flaw;

    private Refused(int line, String what, String remedy) {
      super(what, null, false, false);
      this.flaw = new Flaw(line, what, remedy);
    }
  }
}
