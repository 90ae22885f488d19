package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A project directory, read and found free of mistakes. */
public record Project(
    String name,
    Path directory,
    Settings settings,
    SortedMap<String, StreamContract> streams,
    SortedMap<TableName, Model> models,
    List<DataTest> tests,
    List<UnitTest> unitTests,
    SortedMap<String, Balance> balances,
    SortedMap<String, Report> reports,
    List<Question> questions,
    Roles roles) {

  public Project {
    streams = Collections.unmodifiableSortedMap(new TreeMap<>(streams));
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
    tests = List.copyOf(tests);
    unitTests = List.copyOf(unitTests);
    balances = Collections.unmodifiableSortedMap(new TreeMap<>(balances));
    reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
    questions = List.copyOf(questions);
  }

  /** Without tests, balances, reports and questions. */
  public Project(
      String name,
      Path directory,
      Settings settings,
      SortedMap<String, StreamContract> streams,
      SortedMap<TableName, Model> models) {
    this(
        name,
        directory,
        settings,
        streams,
        models,
        List.of(),
        List.of(),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(),
        Roles.DEFAULTS);
  }

  /** The same project with other contracts. */
  public Project withStreams(SortedMap<String, StreamContract> others) {
    return new Project(
        name, directory, settings, others, models, tests, unitTests, balances, reports, questions,
        roles);
  }

  public Project withModels(SortedMap<TableName, Model> others) {
    return new Project(
        name, directory, settings, streams, others, tests, unitTests, balances, reports, questions,
        roles);
  }

  public Project withTests(List<DataTest> others) {
    return new Project(
        name, directory, settings, streams, models, others, unitTests, balances, reports, questions,
        roles);
  }

  public Project withBalances(SortedMap<String, Balance> others) {
    return new Project(
        name, directory, settings, streams, models, tests, unitTests, others, reports, questions,
        roles);
  }

  public Project withReports(SortedMap<String, Report> others) {
    return new Project(
        name, directory, settings, streams, models, tests, unitTests, balances, others, questions,
        roles);
  }

  public Project withQuestions(List<Question> others) {
    return new Project(
        name, directory, settings, streams, models, tests, unitTests, balances, reports, others,
        roles);
  }

  public Project withRoles(Roles others) {
    return new Project(
        name, directory, settings, streams, models, tests, unitTests, balances, reports, questions,
        others);
  }

  /** The contract of a stream that must exist. */
  public StreamContract contract(String stream) {
    StreamContract contract = streams.get(stream);
    if (contract == null) {
      throw MillraceException.caller(
          "Cannot find stream '%s': %s"
              .formatted(stream, NearMatch.remedy(streams.keySet(), stream)));
    }
    return contract;
  }

  /** A model that must exist. */
  public Model model(TableName name) {
    Model model = models.get(name);
    if (model == null) {
      throw MillraceException.caller(
          "Cannot find model '%s': %s"
              .formatted(
                  name,
                  NearMatch.remedy(
                      models.keySet().stream().map(TableName::toString).toList(),
                      name.toString())));
    }
    return model;
  }

  /** The column that says when a row of a table happened, if there is one. */
  public Optional<String> eventTime(TableName table) {
    if (models.containsKey(table)) {
      return models.get(table).eventTime();
    }
    for (StreamContract stream : streams.values()) {
      if (table.equals(TableName.rejected(stream.name()))) {
        return Optional.of(StreamContract.RECEIVED);
      }
      if (tablesOf(stream).contains(table)) {
        return Optional.of(stream.eventTime());
      }
    }
    return Optional.empty();
  }

  private static List<TableName> tablesOf(StreamContract stream) {
    return List.of(
        stream.bronze(),
        TableName.rejected(stream.name()),
        TableName.repeated(stream.name()),
        TableName.late(stream.name()));
  }

  /** What a model sees of one of the tables it reads. */
  public InputMode mode(Model model, TableName input) {
    InputMode declared = model.inputs().get(input);
    if (declared != null) {
      return declared;
    }
    Materialization kind = model.materialization();
    if (kind instanceof Materialization.ByInterval) {
      if (snapshot(input).isPresent()) {
        return InputMode.AS_OF;
      }
      return eventTime(input).isPresent() ? InputMode.INTERVAL : InputMode.WHOLE;
    }
    boolean ofNewRows =
        kind instanceof Materialization.Append
            || kind instanceof Materialization.Merge
            || kind instanceof Materialization.DeleteInsert;
    return ofNewRows && model.reads().size() == 1 ? InputMode.NEW_ROWS : InputMode.WHOLE;
  }

  /** How the versions of a table follow from what it is made of, if it has all of them. */
  public Optional<Dimension> snapshot(TableName table) {
    return Optional.ofNullable(models.get(table))
        .map(Model::materialization)
        .filter(Materialization.History.class::isInstance)
        .map(kind -> ((Materialization.History) kind).dimension())
        .filter(dimension -> dimension.kind() == Dimension.Kind.SNAPSHOT);
  }

  /**
   * The tables a model reads, with views replaced by the tables they read. What is behind a view is
   * read whole, unless the view says what its event time is.
   */
  public SortedMap<TableName, InputMode> tablesBehind(Model model) {
    SortedMap<TableName, InputMode> tables = new TreeMap<>();
    for (TableName input : model.reads()) {
      InputMode mode = mode(model, input);
      // Read twice in different ways, the one that re-opens more is meant.
      tablesBehind(input)
          .forEach(table -> tables.merge(table, mode, (a, b) -> a == InputMode.WHOLE ? a : b));
    }
    return tables;
  }

  /** The tables behind a view, down to streams and models that are kept; a table is its own. */
  public SortedSet<TableName> tablesBehind(TableName input) {
    SortedSet<TableName> tables = new TreeSet<>();
    Model read = models.get(input);
    if (read == null || read.isTable()) {
      tables.add(input);
    } else {
      read.reads().forEach(next -> tables.addAll(tablesBehind(next)));
    }
    return tables;
  }

  /** The models that read some streams, or a model that does; each after those it reads. */
  public List<Model> modelsOf(Collection<StreamContract> streams) {
    Set<TableName> reached = new HashSet<>();
    streams.forEach(stream -> reached.addAll(tablesOf(stream)));
    List<Model> models = new ArrayList<>();
    for (Model model : modelsInOrder()) {
      if (model.reads().stream().anyMatch(reached::contains)) {
        reached.add(model.name());
        models.add(model);
      }
    }
    return List.copyOf(models);
  }

  /** The tables that tests of a model read beside it; those of views are run when all is built. */
  public SortedMap<TableName, SortedSet<TableName>> readByTests() {
    SortedMap<TableName, SortedSet<TableName>> reads = new TreeMap<>();
    for (DataTest test : tests) {
      if (models.get(test.table()).isTable()) {
        SortedSet<TableName> tables = reads.computeIfAbsent(test.table(), it -> new TreeSet<>());
        test.reads().forEach(read -> tables.addAll(tablesBehind(read)));
        tables.remove(test.table());
      }
    }
    return reads;
  }

  /**
   * What decides the rows of a model, as a SHA-256 in hexadecimal digits: not its description, tags
   * or schedule, and not its inputs' rows. Needs a project that was read with a {@link SqlReader}.
   */
  public String fingerprint(Model model) {
    return Fingerprint.of(this, model, it -> SqlText.withoutComments(it.select()));
  }

  /**
   * The models so that each comes after those it reads, and after those its tests read; by name
   * where that leaves a choice.
   */
  public List<Model> modelsInOrder() {
    SortedMap<TableName, SortedSet<TableName>> readByTests = readByTests();
    Set<Model> ordered = new LinkedHashSet<>();
    models.values().forEach(model -> add(model, readByTests, ordered));
    return List.copyOf(ordered);
  }

  // Ends because a project whose models and tests read each other in a circle is never made.
  private void add(
      Model model, SortedMap<TableName, SortedSet<TableName>> readByTests, Set<Model> ordered) {
    if (ordered.contains(model)) {
      return;
    }
    Set<TableName> before = new TreeSet<>(model.reads());
    before.addAll(readByTests.getOrDefault(model.name(), Collections.emptySortedSet()));
    for (TableName read : before) {
      Optional.ofNullable(models.get(read)).ifPresent(it -> add(it, readByTests, ordered));
    }
    ordered.add(model);
  }
}
