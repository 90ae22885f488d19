package io.millrace.project;

import io.millrace.core.Identifiers;
import io.millrace.core.NearMatch;
import io.millrace.project.Personal.Kept;
import io.millrace.project.Personal.Treatment;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Form;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Named;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Word;
import io.millrace.project.yaml.Yaml;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the fields of a contract are written. */
final class FieldShape {

  /** A word that names a type, or says that the type follows under another key. */
  sealed interface TypeWord {
    record Whole(Type type) implements TypeWord {}

    enum Nested implements TypeWord {
      STRUCT,
      LIST
    }
  }

  private static final List<String> TYPES =
      List.of(
          "string",
          "boolean",
          "int",
          "long",
          "double",
          "date",
          "timestamp",
          "uuid",
          "decimal(12,2)",
          "struct",
          "list");

  /** What other systems call our types. */
  private static final Map<String, String> OTHER_WORDS =
      Map.ofEntries(
          Map.entry("text", "string"),
          Map.entry("varchar", "string"),
          Map.entry("enum", "string"),
          Map.entry("integer", "int"),
          Map.entry("int32", "int"),
          Map.entry("bigint", "long"),
          Map.entry("int64", "long"),
          Map.entry("float", "double"),
          Map.entry("number", "double"),
          Map.entry("numeric", "decimal(12,2)"),
          Map.entry("decimal", "decimal(12,2)"),
          Map.entry("money", "decimal(12,2)"),
          Map.entry("datetime", "timestamp"),
          Map.entry("timestamptz", "timestamp"),
          Map.entry("time", "timestamp"),
          Map.entry("record", "struct"),
          Map.entry("object", "struct"),
          Map.entry("map", "struct"),
          Map.entry("array", "list"));

  private static final String DECIMAL = "decimal\\( ?([0-9]{1,3}) ?, ?([0-9]{1,3}) ?\\)";
  private static final Pattern DECIMAL_WORD = Pattern.compile(DECIMAL);

  private static final Form<TypeWord> TYPE_WORD =
      new Word<>(
              "a type",
              "write one of " + String.join(", ", TYPES),
              Optional::of,
              Map.of("$ref", "#/$defs/type"),
              "type")
          .then((text, node, flaws) -> typeWord(text, node.line(), flaws));

  static final Key<TypeWord> TYPE =
      Key.required("type", TYPE_WORD, "One of `" + String.join("`, `", TYPES) + "`.");
  static final Key<Boolean> REQUIRED =
      Key.withDefault("required", Forms.flag(), "false", "Whether every event has the field.");
  static final Key<List<String>> ONE_OF =
      Key.optional("one_of", Forms.listOf(Forms.text()), "The only values allowed, for strings.");
  static final Key<BigDecimal> MIN =
      Key.optional("min", Forms.number(), "The smallest value allowed, for numbers.");
  static final Key<BigDecimal> MAX =
      Key.optional("max", Forms.number(), "The largest value allowed, for numbers.");
  static final Key<Integer> MAX_LENGTH =
      Key.withDefault(
          "max_length",
          Forms.whole(1, 1 << 20),
          String.valueOf(Field.DEFAULT_MAX_LENGTH),
          "The most UTF-8 bytes allowed, for strings.");
  static final Key<String> DESCRIPTION =
      Key.optional("description", Forms.text(), "What the field means.");
  static final Key<List<String>> ALIASES =
      Key.optional(
          "aliases",
          Forms.listOf(Forms.text()),
          "Former names of the field, by which old producers still send it.");
  static final Key<String> DEPRECATED =
      Key.optional(
          "deprecated",
          Forms.text(),
          "What to use instead. The field is still accepted, and `check` names who reads it.");
  static final Key<Treatment> PII =
      Key.optional(
          "pii",
          Forms.choice("treatment", Treatment.values()),
          "That the values tell who somebody is, and what tables hold in their place: `pseudonym`, the same for the same value, for a string, uuid or long; `mask`, what is kept of it, for a string; `clear`, the value.");
  static final Key<Kept> KEEP =
      Key.withDefault(
          "keep",
          Forms.choice("part", Kept.values()),
          "nothing",
          "What `pii: mask` leaves: of an IP address its `network`, of an email address its `domain`, the `last_4` characters, or `nothing`.");
  static final Key<List<Named<Field>>> FIELDS =
      Key.optional("fields", new FieldsForm(), "The fields of a struct.");
  static final Key<Type> ELEMENT =
      Key.optional("element", new ElementForm(), "The type of a list's elements.");

  /** A field in its long form. */
  static final Shape LONG =
      new Shape(
          TYPE,
          REQUIRED,
          ONE_OF,
          MIN,
          MAX,
          MAX_LENGTH,
          DESCRIPTION,
          ALIASES,
          DEPRECATED,
          PII,
          KEEP,
          FIELDS,
          ELEMENT);

  /** A list's element in its long form: a type alone. */
  static final Shape LONG_ELEMENT = new Shape(TYPE, FIELDS, ELEMENT);

  private static final Form<Type> SHORT =
      TYPE_WORD.then((word, node, flaws) -> type(word, Optional.empty(), node.line(), flaws));

  /** A field that still lacks its name. */
  private static final Form<Function<String, Field>> FIELD =
      Forms.shortOrLong(
          SHORT.map(type -> name -> Field.optional(name, type)),
          LONG.then((values, node, flaws) -> field(values, flaws)));

  private static final Form<Type> ELEMENT_TYPE =
      Forms.shortOrLong(SHORT, LONG_ELEMENT.then((values, node, flaws) -> type(values, flaws)));

  private FieldShape() {}

  /** The definitions that the forms refer to, for a schema. */
  static Map<String, Object> definitions() {
    Map<String, Object> definitions = new LinkedHashMap<>();
    List<String> words = TYPES.stream().filter(type -> !type.contains("(")).toList();
    definitions.put(
        "type",
        Map.of("anyOf", List.of(Map.of("enum", words), Forms.pattern("^" + DECIMAL + "$"))));
    definitions.put("field", FIELD.schema());
    definitions.put("element", ELEMENT_TYPE.schema());
    return definitions;
  }

  private static Optional<TypeWord> typeWord(String text, int line, Flaws flaws) {
    Matcher decimal = DECIMAL_WORD.matcher(text);
    if (decimal.matches()) {
      return decimal(
          Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)), line, flaws);
    }
    if (text.equals("struct")) {
      return Optional.of(TypeWord.Nested.STRUCT);
    }
    if (text.equals("list")) {
      return Optional.of(TypeWord.Nested.LIST);
    }
    if (TYPES.contains(text) && !text.contains("(")) {
      return Optional.of(new TypeWord.Whole(Type.Scalar.valueOf(text.toUpperCase(Locale.ROOT))));
    }
    String other = OTHER_WORDS.get(text.toLowerCase(Locale.ROOT));
    flaws.add(
        line,
        "type '" + text + "' is not known",
        other == null ? NearMatch.remedy(TYPES, text) : "did you mean '" + other + "'?");
    return Optional.empty();
  }

  private static Optional<TypeWord> decimal(int precision, int scale, int line, Flaws flaws) {
    if (precision < 1 || precision > Type.Decimal.MAX_PRECISION || scale > precision) {
      flaws.add(
          line,
          "decimal(%d,%d) does not exist".formatted(precision, scale),
          "write decimal(digits,places) with 1 to %d digits and no more places than digits"
              .formatted(Type.Decimal.MAX_PRECISION));
      return Optional.empty();
    }
    return Optional.of(new TypeWord.Whole(new Type.Decimal(precision, scale)));
  }

  /** The type of a long form. */
  private static Optional<Type> type(Values values, Flaws flaws) {
    Optional<TypeWord> word = values.find(TYPE);
    word.ifPresent(
        written -> {
          refuseUnless(written == TypeWord.Nested.STRUCT, FIELDS, "struct", values, flaws);
          refuseUnless(written == TypeWord.Nested.LIST, ELEMENT, "list", values, flaws);
        });
    return word.flatMap(written -> type(written, Optional.of(values), values.line(TYPE), flaws));
  }

  private static Optional<Type> type(
      TypeWord word, Optional<Values> values, int line, Flaws flaws) {
    if (word instanceof TypeWord.Whole whole) {
      return Optional.of(whole.type());
    }
    Key<?> more = word == TypeWord.Nested.STRUCT ? FIELDS : ELEMENT;
    if (values.filter(written -> written.has(more)).isEmpty()) {
      flaws.add(
          line,
          word == TypeWord.Nested.STRUCT ? "a struct has no fields" : "a list has no element",
          word == TypeWord.Nested.STRUCT
              ? "write {type: struct, fields: {name: string}}"
              : "write {type: list, element: string}");
      return Optional.empty();
    }
    return word == TypeWord.Nested.STRUCT
        ? values.get().find(FIELDS).map(FieldShape::struct)
        : values.get().find(ELEMENT).map(Type.ListOf::new);
  }

  private static Type struct(List<Named<Field>> fields) {
    return new Type.Struct(fields.stream().map(Named::value).toList());
  }

  private static Optional<Function<String, Field>> field(Values values, Flaws flaws) {
    Optional<Type> type = type(values, flaws);
    type.ifPresent(
        known -> {
          checkLimits(known, values, flaws);
          checkPersonal(known, values, flaws);
        });
    return type.map(
        known ->
            name ->
                new Field(
                    name,
                    known,
                    values.get(REQUIRED),
                    values.find(ONE_OF).orElse(List.of()),
                    values.find(MIN),
                    values.find(MAX),
                    values.get(MAX_LENGTH),
                    values.find(DESCRIPTION).orElse(""),
                    values.find(ALIASES).orElse(List.of()),
                    values.find(DEPRECATED),
                    values.find(PII).map(pii -> new Personal(pii, values.get(KEEP)))));
  }

  private static void checkLimits(Type type, Values values, Flaws flaws) {
    boolean text = type == Type.Scalar.STRING;
    boolean number =
        type instanceof Type.Decimal
            || Set.of(Type.Scalar.INT, Type.Scalar.LONG, Type.Scalar.DOUBLE).contains(type);
    refuseUnless(text, ONE_OF, "string", values, flaws);
    refuseUnless(text, MAX_LENGTH, "string", values, flaws);
    refuseUnless(number, MIN, "number", values, flaws);
    refuseUnless(number, MAX, "number", values, flaws);
    Optional<BigDecimal> min = values.find(MIN);
    Optional<BigDecimal> max = values.find(MAX);
    if (min.isPresent() && max.isPresent() && min.get().compareTo(max.get()) > 0) {
      flaws.add(
          values.line(MIN),
          "min %s is more than max %s".formatted(min.get(), max.get()),
          "no value could satisfy both; swap them");
    }
    List<String> choices = values.find(ONE_OF).orElse(List.of());
    Set<String> seen = new HashSet<>();
    choices.stream()
        .filter(choice -> !seen.add(choice))
        .distinct()
        .forEach(
            choice ->
                flaws.add(
                    values.line(ONE_OF), "one_of names '" + choice + "' twice", "name it once"));
  }

  private static void checkPersonal(Type type, Values values, Flaws flaws) {
    Optional<Treatment> pii = values.find(PII);
    boolean pseudonym = pii.filter(it -> it == Treatment.PSEUDONYM).isPresent();
    boolean mask = pii.filter(it -> it == Treatment.MASK).isPresent();
    Set<Type> named = Set.of(Type.Scalar.STRING, Type.Scalar.UUID, Type.Scalar.LONG);
    if ((pseudonym && !named.contains(type)) || (mask && type != Type.Scalar.STRING)) {
      flaws.add(
          values.line(PII),
          "%s cannot have a %s".formatted(type.words(), pseudonym ? "pseudonym" : "mask"),
          pseudonym
              ? "make it a string, uuid or long, or write 'pii: clear'"
              : "make it a string, or write 'pii: clear'");
    }
    if (values.has(KEEP) && !mask) {
      flaws.add(values.line(KEEP), "key 'keep' is only for what 'pii: mask' leaves", "take it out");
    }
  }

  private static void refuseUnless(
      boolean fits, Key<?> key, String kind, Values values, Flaws flaws) {
    if (!fits && values.has(key)) {
      flaws.add(
          values.line(key),
          "key '%s' is only for a %s".formatted(key.name(), kind),
          "take it out, or change the type");
    }
  }

  /** A mapping of field names to fields. Refers to the forms that refer to it. */
  private static final class FieldsForm implements Form<List<Named<Field>>> {
    @Override
    public Optional<List<Named<Field>>> read(Yaml node, Flaws flaws) {
      return Forms.named(FIELD)
          .read(node, flaws)
          .map(fields -> checked(fields, (Yaml.Mapping) node, flaws));
    }

    private static List<Named<Field>> checked(
        List<Named<Function<String, Field>>> fields, Yaml.Mapping node, Flaws flaws) {
      for (Yaml.Entry entry : node.entries()) {
        if (!Identifiers.isValid(entry.key())) {
          flaws.add(
              entry.line(),
              "'" + entry.key() + "' cannot be a field's name",
              entry.key().startsWith("_")
                  ? "names that start with '_' are reserved"
                  : "use lower-case letters, digits and '_', starting with a letter");
        }
      }
      List<Named<Field>> named = new ArrayList<>();
      for (Named<Function<String, Field>> field : fields) {
        named.add(new Named<>(field.name(), field.line(), field.value().apply(field.name())));
      }
      checkAliases(named, flaws);
      return named;
    }

    /** A name that an event uses stands for one field. */
    private static void checkAliases(List<Named<Field>> fields, Flaws flaws) {
      Map<String, String> owners = new HashMap<>();
      fields.forEach(field -> owners.put(field.name(), field.name()));
      for (Named<Field> field : fields) {
        for (String alias : field.value().aliases()) {
          String owner = owners.putIfAbsent(alias, field.name());
          if (owner != null) {
            flaws.add(
                field.line(),
                "alias '%s' of '%s' stands for '%s' already".formatted(alias, field.name(), owner),
                "give it to one field only");
          } else if (!Identifiers.isValid(alias)) {
            flaws.add(
                field.line(),
                "alias '" + alias + "' cannot be a field's name",
                "write the name that the field had");
          }
        }
      }
    }

    @Override
    public Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", "object");
      schema.put("propertyNames", Forms.pattern("^[a-z][a-z0-9_]*$"));
      schema.put("additionalProperties", Map.of("$ref", "#/$defs/field"));
      schema.put("minProperties", 1);
      schema.put("maxProperties", Forms.MAX_ENTRIES);
      return schema;
    }

    @Override
    public String words() {
      return "mapping of names to fields";
    }
  }

  /** Refers to the form that refers to it. */
  private static final class ElementForm implements Form<Type> {
    @Override
    public Optional<Type> read(Yaml node, Flaws flaws) {
      return ELEMENT_TYPE.read(node, flaws);
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("$ref", "#/$defs/element");
    }

    @Override
    public String words() {
      return "type";
    }
  }
}
