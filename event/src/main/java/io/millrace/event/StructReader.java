package io.millrace.event;

import static io.millrace.event.EventBytes.FAILED;

import io.millrace.project.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Objects with declared fields. Fields that are not declared are checked and passed over. */
final class StructReader extends ValueReader {

  private final List<Field> fields;
  private final ValueReader[] readers;
  private final boolean[] required;
  private final int[] scales;

  /** The names of the fields, in their order, and behind them their aliases. */
  private final TextTable names;

  private final byte[][] quotedNames;

  /** For each name, the field that it stands for. */
  private final int[] fieldOf;

  /**
   * For each name, and at the end for the start, the name that came after it last time. Producers
   * write their fields in one order, mostly, so this guess mostly saves the search by name.
   */
  private final int[] followers;

  StructReader(List<Field> fields, EventBytes event, JsonScanner json) {
    this(
        fields,
        fields.stream().filter(Field::required).map(Field::name).collect(Collectors.toSet()),
        event,
        json);
  }

  StructReader(List<Field> fields, Set<String> required, EventBytes event, JsonScanner json) {
    super("struct", event, json);
    int count = fields.size();
    this.fields = fields;
    List<String> all = new ArrayList<>(fields.stream().map(Field::name).toList());
    fields.forEach(field -> all.addAll(field.aliases()));
    this.names = new TextTable(all);
    this.readers = new ValueReader[count];
    this.required = new boolean[count];
    this.quotedNames = new byte[all.size()][];
    this.fieldOf = new int[all.size()];
    this.followers = new int[all.size() + 1];
    this.scales = new int[count];
    for (int i = 0; i < count; i++) {
      Field field = fields.get(i);
      readers[i] = ValueReader.of(field, event, json);
      this.required[i] = required.contains(field.name());
      scales[i] = DecimalReader.scale(field.type());
    }
    for (int name = 0; name < all.size(); name++) {
      String text = all.get(name);
      quotedNames[name] = ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
      fieldOf[name] = name < count ? name : position(fields, text);
      followers[name] = (fieldOf[name] + 1) % count;
    }
  }

  private static int position(List<Field> fields, String alias) {
    int position = 0;
    while (!fields.get(position).aliases().contains(alias)) {
      position++;
    }
    return position;
  }

  /** A row for these fields and so many more. */
  EventRow newRow(int more) {
    return new EventRow(event, fields.size() + more, scales);
  }

  String name(int position) {
    return fields.get(position).name();
  }

  @Override
  int read(int at, EventRow row, int position) {
    if (event.byteAt(at) != '{') {
      return wrongType(at);
    }
    if (row.rows[position] == null) {
      row.rows[position] = newRow(0);
    }
    row.states[position] = EventRow.NESTED;
    return readObject(at, row.rows[position]);
  }

  /** Reads the object that opens at {@code at}. */
  int readObject(int at, EventRow row) {
    if (!event.open(at)) {
      return FAILED;
    }
    row.clear();
    int object = json.nextObject();
    int next = event.skipSpace(at + 1);
    if (event.byteAt(next) == '}') {
      return close(next, row);
    }
    int previous = quotedNames.length;
    while (true) {
      int nameEnd;
      int name = followers[previous];
      if (event.isAt(next, quotedNames[name])) {
        nameEnd = next + quotedNames[name].length;
      } else {
        nameEnd = json.name(next);
        if (nameEnd < 0) {
          return FAILED;
        }
        name = names.find(json.text, json.textFrom, json.textLength);
      }
      event.path[event.depth] = next;
      if (name >= 0) {
        followers[previous] = name;
        previous = name;
      } else if (!json.isFirst(object)) {
        return event.duplicate();
      }
      next = readMember(nameEnd, name < 0 ? name : fieldOf[name], row);
      if (next < 0) {
        return FAILED;
      }
      byte b = event.byteAt(next);
      if (b == '}') {
        return close(next, row);
      }
      if (b != ',') {
        return event.unexpected(next, "',' or '}'");
      }
      next = event.skipSpace(next + 1);
    }
  }

  /** From the end of a name to what comes after its value. */
  private int readMember(int nameEnd, int field, EventRow row) {
    if (field >= 0 && row.states[field] != EventRow.ABSENT) {
      return duplicate(fields.get(field));
    }
    int value = json.colon(nameEnd);
    if (value < 0) {
      return FAILED;
    }
    int end;
    if (field < 0) {
      end = json.skip(value);
    } else {
      row.states[field] = EventRow.NULL;
      end =
          event.byteAt(value) == 'n'
              ? json.nullValue(value)
              : readers[field].read(value, row, field);
    }
    return end < 0 ? FAILED : event.skipSpace(end);
  }

  private int duplicate(Field field) {
    return field.aliases().isEmpty()
        ? event.duplicate()
        : event.duplicate(
            "'%s' is there a second time; it is also called %s"
                .formatted(field.name(), String.join(", ", field.aliases())));
  }

  private int close(int at, EventRow row) {
    event.close();
    row.closedAt = at;
    for (int i = 0; i < required.length; i++) {
      event.lacksRequired |= required[i] && row.isNull(i);
    }
    return at + 1;
  }

  @Override
  boolean noteMissing(EventRow row, int position, String path) {
    return !row.isNull(position) && noteMissing(row.rowAt(position), path + ".");
  }

  /**
   * @param prefix of the fields' names
   */
  boolean noteMissing(EventRow row, String prefix) {
    for (int i = 0; i < readers.length; i++) {
      String path = prefix + fields.get(i).name();
      if (required[i] && row.isNull(i)) {
        event.breach(
            Reason.MISSING_FIELD, path, row.closedAt, "The field is required, but absent or null");
        return true;
      }
      if (readers[i].noteMissing(row, i, path)) {
        return true;
      }
    }
    return false;
  }
}
