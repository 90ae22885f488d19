package io.millrace.event;

import static io.millrace.event.EventBytes.FAILED;

import io.millrace.project.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Objects with declared fields. Fields that are not declared are checked and passed over. */
final class StructReader extends ValueReader {

  private final List<Field> fields;
  private final ValueReader[] readers;
  private final boolean[] required;
  private final TextTable names;
  private final byte[][] quotedNames;
  private final int[] scales;

  /**
   * For each field, and at the end for the start, the field that came after it last time. Producers
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
    this.names = new TextTable(fields.stream().map(Field::name).toList());
    this.readers = new ValueReader[count];
    this.required = new boolean[count];
    this.quotedNames = new byte[count][];
    this.followers = new int[count + 1];
    this.scales = new int[count];
    for (int i = 0; i < count; i++) {
      Field field = fields.get(i);
      readers[i] = ValueReader.of(field, event, json);
      this.required[i] = required.contains(field.name());
      quotedNames[i] = ('"' + field.name() + '"').getBytes(StandardCharsets.UTF_8);
      followers[i] = (i + 1) % count;
      scales[i] = DecimalReader.scale(field.type());
    }
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
    int previous = readers.length;
    while (true) {
      int nameEnd;
      int field = followers[previous];
      if (event.isAt(next, quotedNames[field])) {
        nameEnd = next + quotedNames[field].length;
      } else {
        nameEnd = json.name(next);
        if (nameEnd < 0) {
          return FAILED;
        }
        field = names.find(json.text, json.textFrom, json.textLength);
      }
      event.path[event.depth] = next;
      if (field >= 0) {
        followers[previous] = field;
        previous = field;
      } else if (!json.isFirst(object)) {
        return event.duplicate();
      }
      next = readMember(nameEnd, field, row);
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
      return event.duplicate();
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
