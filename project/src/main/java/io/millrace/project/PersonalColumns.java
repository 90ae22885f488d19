package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.ColumnTracer.Use;
import io.millrace.project.Lineage.Edge;
import io.millrace.project.Model.Pii;
import io.millrace.project.Personal.Treatment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which columns of a project hold values that tell who somebody is: those that contracts say, and
 * what is made of them, until it is counted, summed or averaged, or until the owner of a column
 * says otherwise. Where a trace is too wide, so is this.
 */
public final class PersonalColumns {

  /** Of a project that nobody has read: every column may be personal. */
  public static final PersonalColumns UNKNOWN =
      new PersonalColumns(
          new Lineage(new TreeMap<>(), Map.of(), List.of(), new TreeMap<>(), Map.of()));

  /** The path of a column as a whole. */
  public static final String WHOLE = "";

  /** How the columns of {@code rejected} tables tell of the event as it came. */
  private static final List<String> AS_IT_CAME = List.of("payload", "detail");

  /**
   * Why a column, or a field in it, is personal.
   *
   * @param treatment how its values were treated, never {@code MASK}: a mask is nobody's own
   * @param origin the field of a stream, {@code clicks.user_id}, or the column whose owner says so
   * @param declared whether its owner says so
   */
  public record Tag(Treatment treatment, String origin, boolean declared) {
    private Tag derived() {
      return new Tag(treatment, origin, false);
    }

    /** Of two, what tells more. */
    private Tag or(Tag other) {
      return treatment.compareTo(other.treatment) >= 0 ? this : other;
    }
  }

  private final Lineage lineage;
  private final Map<ColumnRef, SortedMap<String, Tag>> tags = new HashMap<>();
  private final Map<TableName, StreamContract> streams = new HashMap<>();
  private final Map<ColumnRef, Pii> declared = new HashMap<>();

  private PersonalColumns(Lineage lineage) {
    this.lineage = lineage;
  }

  /** Follows what contracts and {@code schema.yml} say along the lineage of the project. */
  public static PersonalColumns of(Project project, Lineage lineage) {
    PersonalColumns found = new PersonalColumns(lineage);
    project.streams().values().forEach(found::addStream);
    project.modelsInOrder().forEach(found::addModel);
    return found;
  }

  /**
   * What is personal in a column, by the path of the field in it: {@code email}, {@code
   * buyer.email}; {@link #WHOLE} for all of it. Lists are not in the path. Empty if nothing is, or
   * if the project has no such column.
   */
  public SortedMap<String, Tag> of(ColumnRef column) {
    return Collections.unmodifiableSortedMap(tags.getOrDefault(column, new TreeMap<>()));
  }

  /**
   * What a reader must know of a column, or a field in it, to be shown it: empty if it tells
   * nothing of a person. What the project's files do not know of, such as a field that was taken
   * out of a contract, counts as clear.
   *
   * @param path of a field that has no fields
   */
  public Optional<Treatment> treatment(TableName table, String column, String path) {
    ColumnRef ref = new ColumnRef(table, column);
    if (!isKnown(ref, path)) {
      return Optional.of(Treatment.CLEAR);
    }
    return of(ref).entrySet().stream()
        .filter(tag -> isIn(path, tag.getKey()))
        .map(tag -> tag.getValue().treatment())
        .max(Treatment::compareTo);
  }

  private boolean isKnown(ColumnRef column, String path) {
    if (!lineage.columns().getOrDefault(column.table(), List.of()).contains(column.column())) {
      return false;
    }
    StreamContract contract = streams.get(column.table());
    return contract == null
        || contract.fields().stream()
            .filter(field -> field.name().equals(column.column()))
            .allMatch(field -> path.isEmpty() || has(field.type(), path));
  }

  private static boolean has(Type type, String path) {
    if (type instanceof Type.ListOf list) {
      return has(list.element(), path);
    }
    int dot = path.indexOf('.');
    String name = dot < 0 ? path : path.substring(0, dot);
    return type instanceof Type.Struct struct
        && struct.fields().stream()
            .filter(field -> field.name().equals(name))
            .anyMatch(field -> dot < 0 || has(field.type(), path.substring(dot + 1)));
  }

  /** Whether a path is that of a field, or of one in it. */
  private static boolean isIn(String path, String field) {
    return field.isEmpty() || path.equals(field) || path.startsWith(field + ".");
  }

  private void addStream(StreamContract contract) {
    contract
        .tables()
        .forEach(
            (table, columns) -> {
              streams.put(table, contract);
              if (table.equals(TableName.rejected(contract.name()))) {
                addRejected(contract, table);
              } else {
                contract.fields().forEach(field -> add(contract, table, field));
                addEventId(contract, table);
              }
            });
  }

  private void addRejected(StreamContract contract, TableName table) {
    if (contract.isPersonal()) {
      for (String column : AS_IT_CAME) {
        put(
            new ColumnRef(table, column),
            WHOLE,
            new Tag(Treatment.CLEAR, table + "." + column, true));
      }
    }
  }

  private void add(StreamContract contract, TableName table, Field field) {
    ColumnRef column = new ColumnRef(table, field.name());
    eachField(
        WHOLE,
        field,
        (path, personal) ->
            put(
                column,
                path,
                new Tag(
                    personal.treatment(),
                    contract.name() + "." + field.name() + (path.isEmpty() ? "" : "." + path),
                    true)));
  }

  /** What is made by hand of a hash may be found by trying values. */
  private void addEventId(StreamContract contract, TableName table) {
    if (contract.eventId() instanceof StreamContract.EventId.Derived derived) {
      derived.fields().stream()
          .filter(name -> contract.field(name).isPersonal())
          .findFirst()
          .ifPresent(
              name ->
                  put(
                      new ColumnRef(table, StreamContract.EVENT_ID),
                      WHOLE,
                      new Tag(Treatment.CLEAR, contract.name() + "." + name, true)));
    }
  }

  @FunctionalInterface
  private interface EachPersonal {
    void take(String path, Personal personal);
  }

  private static void eachField(String path, Field field, EachPersonal each) {
    field
        .personal()
        .filter(it -> it.treatment() != Treatment.MASK)
        .ifPresent(it -> each.take(path, it));
    eachIn(path, field.type(), each);
  }

  private static void eachIn(String path, Type type, EachPersonal each) {
    if (type instanceof Type.ListOf list) {
      eachIn(path, list.element(), each);
    } else if (type instanceof Type.Struct struct) {
      struct
          .fields()
          .forEach(it -> eachField(path.isEmpty() ? it.name() : path + "." + it.name(), it, each));
    }
  }

  private void addModel(Model model) {
    for (Model.Column said : model.columns()) {
      said.pii().ifPresent(pii -> declared.put(new ColumnRef(model.name(), said.name()), pii));
    }
    for (String name : lineage.columns().getOrDefault(model.name(), List.of())) {
      ColumnRef column = new ColumnRef(model.name(), name);
      Pii pii = declared.get(column);
      if (pii == null) {
        lineage.into(column).forEach(edge -> follow(edge));
      } else if (pii != Pii.NONE) {
        put(column, WHOLE, new Tag(Treatment.valueOf(pii.name()), column.toString(), true));
      }
    }
  }

  private void follow(Edge edge) {
    if (carries(edge.use())) {
      of(edge.from())
          .forEach((path, tag) -> reach(edge, path).ifPresent(it -> put(edge.to(), it, tag)));
    }
  }

  private static boolean carries(Use use) {
    return use == Use.COPY || use == Use.DERIVED;
  }

  /** Where in a column the personal field of another is that it was made of. */
  private static Optional<String> reach(Edge edge, String personal) {
    if (isIn(edge.path(), personal)) {
      return Optional.of(WHOLE);
    }
    if (!isIn(personal, edge.path())) {
      return Optional.empty();
    }
    return Optional.of(
        edge.use() == Use.DERIVED
            ? WHOLE
            : personal.substring(edge.path().isEmpty() ? 0 : edge.path().length() + 1));
  }

  private void put(ColumnRef column, String path, Tag tag) {
    Tag kept =
        declared.containsKey(column) || streams.containsKey(column.table()) ? tag : tag.derived();
    tags.computeIfAbsent(column, it -> new TreeMap<>()).merge(path, kept, Tag::or);
  }

  /** Whether nothing is personal. */
  public boolean isEmpty() {
    return tags.isEmpty();
  }

  /** Of what is personal in a column, what tells most; empty if nothing is. */
  public Optional<Treatment> worst(ColumnRef column) {
    return of(column).values().stream().map(Tag::treatment).max(Treatment::compareTo);
  }

  /** The columns of a model that are personal because their owner says so. */
  public List<String> declared(TableName model) {
    return lineage.columns().getOrDefault(model, List.of()).stream()
        .filter(name -> declared.getOrDefault(new ColumnRef(model, name), Pii.NONE) != Pii.NONE)
        .toList();
  }

  /** Whether any column of a table is personal. */
  public boolean isIn(TableName table) {
    return tags.keySet().stream().anyMatch(column -> column.table().equals(table));
  }

  /** Whether a column, with all that is in it, is shown to somebody. */
  public boolean isShown(TableName table, String column, Sight sight) {
    return sight.shows(treatment(table, column, WHOLE))
        && of(new ColumnRef(table, column)).values().stream()
            .allMatch(tag -> sight.shows(Optional.of(tag.treatment())));
  }

  /** Whether a column of a SELECT is made of personal values. */
  public boolean isIn(ColumnTracer.Output output) {
    return output.sources().stream()
        .anyMatch(it -> carries(it.use()) && isIn(it.column(), it.path()));
  }

  /** Whether a field of a column, something in it, or what it is in, is personal. */
  public boolean isIn(ColumnRef column, String path) {
    return of(column).keySet().stream()
        .anyMatch(personal -> isIn(path, personal) || isIn(personal, path));
  }

  /**
   * The columns that are personal because of what they are made of, and whose owners have said
   * nothing: sentences with file and line, what it is, and what to write.
   */
  public List<String> unsaid() {
    List<String> sentences = new ArrayList<>();
    lineage
        .columns()
        .forEach(
            (table, columns) ->
                columns.forEach(
                    name -> {
                      ColumnRef column = new ColumnRef(table, name);
                      unsaid(column).ifPresent(sentences::add);
                    }));
    return List.copyOf(sentences);
  }

  private Optional<String> unsaid(ColumnRef column) {
    return of(column).values().stream()
        .filter(tag -> !tag.declared())
        .reduce(Tag::or)
        .map(
            tag ->
                "%s: %s is made of %s, which tells who somebody is; write 'meta: {pii: %s}' at the column in schema.yml, or 'meta: {pii: none}' if it does not tell any more"
                    .formatted(
                        lineage.place(column),
                        column,
                        tag.origin(),
                        tag.treatment() == Treatment.CLEAR ? "clear" : "pseudonym"));
  }
}
