package io.millrace.project;

import io.millrace.project.Compatibility.Incompatibility;
import io.millrace.project.Compatibility.Kind;
import io.millrace.project.Consumers.Consumer;
import io.millrace.project.Lineage.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A project's contracts beside those that were accepted: what changed, and who would break. A
 * change is judged by the rule of the contract that was accepted, so that no change brings the rule
 * by which it passes.
 */
public final class Judgement {

  private final SortedMap<String, StreamContract> accepted;
  private final Project project;
  private final Consumers consumers;

  private Judgement(
      SortedMap<String, StreamContract> accepted, Project project, ColumnTracer tracer) {
    this.accepted = accepted;
    this.project = project;
    this.consumers = Consumers.of(project, withFormerFields(accepted, project), tracer);
  }

  /** The contracts that differ from those accepted, each judged. */
  public static List<ContractChange> of(
      SortedMap<String, StreamContract> accepted, Project project, ColumnTracer tracer) {
    List<StreamContract> changed =
        project.streams().values().stream()
            .filter(wanted -> !isSame(accepted.get(wanted.name()), wanted))
            .toList();
    if (changed.isEmpty()) {
      return List.of();
    }
    Judgement judgement = new Judgement(accepted, project, tracer);
    return changed.stream().map(judgement::change).toList();
  }

  /** Who reads what is deprecated, in sentences with file and line. */
  public static List<String> deprecations(Project project, ColumnTracer tracer) {
    Map<StreamContract, List<String>> deprecated = new LinkedHashMap<>();
    for (StreamContract contract : project.streams().values()) {
      List<String> paths = new ArrayList<>();
      eachField(
          "",
          contract.fields(),
          (path, field) -> field.deprecated().ifPresent(it -> paths.add(path)));
      if (!paths.isEmpty()) {
        deprecated.put(contract, paths);
      }
    }
    if (deprecated.isEmpty()) {
      return List.of();
    }
    Consumers consumers = Consumers.of(project, tracer);
    Set<String> warnings = new LinkedHashSet<>();
    deprecated.forEach(
        (contract, paths) ->
            paths.forEach(
                path -> {
                  String instead = find(contract.fields(), path).orElseThrow().deprecated().get();
                  consumers.of(contract, path).stream()
                      .filter(it -> it.reading() == Consumers.Reading.BY_ITSELF)
                      .forEach(
                          it ->
                              warnings.add(
                                  "%s: %s, which is deprecated: %s"
                                      .formatted(it.place(), it.what(), instead)));
                }));
    return List.copyOf(warnings);
  }

  private static boolean isSame(StreamContract accepted, StreamContract wanted) {
    return accepted != null && accepted.withVersion(wanted.version()).equals(wanted);
  }

  private ContractChange change(StreamContract wanted) {
    StreamContract was = accepted.get(wanted.name());
    if (was == null) {
      return new ContractChange(Optional.empty(), wanted, List.of(), List.of());
    }
    ContractLines lines = ContractLines.of(project.directory().resolve(file(wanted)));
    Set<String> refusals = new LinkedHashSet<>();
    List<Incompatibility> found = Compatibility.between(was, wanted, was.evolution());
    for (Incompatibility it : found) {
      int line = it.kind() == Kind.IDENTITY ? lines.key(it.path()) : lines.field(it.path());
      refusals.add(new Place(file(wanted), line) + ": " + it.what());
      if (isOfType(it.kind())) {
        consumers.of(wanted, it.path()).forEach(each -> refusals.add(sentence(each, "")));
      }
    }
    List<String> warnings = new ArrayList<>(mayBeNull(was, wanted));
    gone(was, wanted)
        .forEach(
            (path, now) -> {
              // Who reads a list need not read what is gone inside of it.
              Collection<String> into = path.contains("[]") ? warnings : refusals;
              consumers.of(wanted, path).forEach(each -> into.add(sentence(each, now)));
            });
    if (!found.isEmpty()) {
      refusals.add(
          "%s: leave it as it was accepted, and put the new contract beside it into streams/%s.yaml"
              .formatted(file(wanted), wanted.next()));
    }
    return new ContractChange(Optional.of(was), wanted, List.copyOf(refusals), warnings);
  }

  private static boolean isOfType(Kind kind) {
    return kind == Kind.TYPE_MISMATCH || kind == Kind.DECIMAL_MISMATCH || kind == Kind.TABLE;
  }

  private static String sentence(Consumer consumer, String now) {
    boolean itself = consumer.reading() == Consumers.Reading.BY_ITSELF;
    return "%s: %s%s".formatted(consumer.place(), consumer.what(), itself ? now : "");
  }

  private List<String> mayBeNull(StreamContract was, StreamContract wanted) {
    List<String> warnings = new ArrayList<>();
    for (Field field : wanted.fields()) {
      boolean optionalNow =
          !field.required()
              && Compatibility.match(field, was.fields()).filter(Field::required).isPresent();
      if (optionalNow) {
        for (DataTest test : consumers.notNull(wanted, field.name())) {
          warnings.add(
              "%s: test %s may fail, because '%s' of %s may be null now"
                  .formatted(
                      new Place(test.file(), test.line()),
                      test.name(),
                      field.name(),
                      wanted.name()));
        }
      }
    }
    return warnings;
  }

  /** The paths that are no longer there, each with what became of it. */
  private static Map<String, String> gone(StreamContract was, StreamContract wanted) {
    Map<String, String> gone = new LinkedHashMap<>();
    gone("", was.fields(), wanted.fields(), gone);
    return gone;
  }

  private static void gone(
      String parent, List<Field> was, List<Field> wanted, Map<String, String> gone) {
    for (Field field : was) {
      String path = parent + field.name();
      Optional<Field> now = wanted.stream().filter(it -> it.isCalled(field.name())).findFirst();
      String which = path.contains("[]") ? "in which " + field.name() : "which";
      if (now.isEmpty()) {
        gone.put(path, ", %s is no longer in the contract".formatted(which));
      } else if (!now.get().name().equals(field.name())) {
        gone.put(path, ", %s is called %s now".formatted(which, now.get().name()));
      } else {
        gone(path, field.type(), now.get().type(), gone);
      }
    }
  }

  private static void gone(String path, Type was, Type wanted, Map<String, String> gone) {
    if (was instanceof Type.Struct before && wanted instanceof Type.Struct now) {
      gone(path + ".", before.fields(), now.fields(), gone);
    } else if (was instanceof Type.ListOf before && wanted instanceof Type.ListOf now) {
      gone(path + "[]", before.element(), now.element(), gone);
    }
  }

  /** So that who still reads a field that is gone can be found. */
  private static Project withFormerFields(
      SortedMap<String, StreamContract> accepted, Project project) {
    SortedMap<String, StreamContract> streams = new TreeMap<>(project.streams());
    streams.replaceAll(
        (name, wanted) ->
            accepted.containsKey(name)
                ? wanted.withFields(both(wanted.fields(), accepted.get(name).fields()))
                : wanted);
    return project.withStreams(streams);
  }

  private static List<Field> both(List<Field> wanted, List<Field> accepted) {
    List<Field> both = new ArrayList<>(wanted);
    accepted.stream().filter(it -> find(wanted, it.name()).isEmpty()).forEach(both::add);
    return both;
  }

  private interface FieldAt {
    void take(String path, Field field);
  }

  private static void eachField(String parent, List<Field> fields, FieldAt each) {
    for (Field field : fields) {
      each.take(parent + field.name(), field);
      if (field.type() instanceof Type.Struct struct) {
        eachField(parent + field.name() + ".", struct.fields(), each);
      }
    }
  }

  private static Optional<Field> find(List<Field> fields, String path) {
    Map<String, Field> found = new LinkedHashMap<>();
    eachField("", fields, found::put);
    return Optional.ofNullable(found.get(path));
  }

  private static Path file(StreamContract contract) {
    return Path.of("streams", contract.name() + ".yaml");
  }
}
