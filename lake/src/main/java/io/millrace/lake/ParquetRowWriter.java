package io.millrace.lake;

import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.parquet.TripleWriter;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Writes {@link Row}s to Parquet columns without making an object per value: strings go from the
 * event's own bytes to the page. Fields are matched by name, so a column the rows do not have is
 * written as null. Repetition and definition levels are those of the Dremel paper (Melnik et al.,
 * VLDB 2010).
 */
final class ParquetRowWriter implements ParquetValueWriter<Row> {

  private final List<Leaf> leaves = new ArrayList<>();
  private final Node[] children;

  ParquetRowWriter(MessageType message, List<Field> columns) {
    children = children(message, message, columns, new Path(List.of(), 0, 0));
  }

  /** Where a node stands: its names from the root, and the levels its parents contribute. */
  private record Path(List<String> names, int repetition, int definition) {
    Path into(org.apache.parquet.schema.Type type) {
      List<String> longer = new ArrayList<>(names);
      longer.add(type.getName());
      return new Path(
          longer,
          repetition
              + (type.isRepetition(org.apache.parquet.schema.Type.Repetition.REPEATED) ? 1 : 0),
          definition
              + (type.isRepetition(org.apache.parquet.schema.Type.Repetition.REQUIRED) ? 0 : 1));
    }
  }

  private Node[] children(MessageType message, GroupType group, List<Field> fields, Path path) {
    Node[] nodes = new Node[group.getFieldCount()];
    for (int i = 0; i < nodes.length; i++) {
      org.apache.parquet.schema.Type type = group.getType(i);
      int position = position(fields, type.getName());
      Type declared = position < 0 ? null : fields.get(position).type();
      nodes[i] = node(message, type, declared, position, path.into(type));
    }
    return nodes;
  }

  private Node node(
      MessageType message,
      org.apache.parquet.schema.Type type,
      Type declared,
      int position,
      Path path) {
    int first = leaves.size();
    if (type.isPrimitive()) {
      String[] names = path.names().toArray(new String[0]);
      return new Leaf(message.getColumnDescription(names), declared, position, path.definition());
    }
    GroupType group = type.asGroupType();
    if (declared instanceof Type.ListOf list) {
      GroupType repeated = group.getType(0).asGroupType();
      Path inner = path.into(repeated);
      org.apache.parquet.schema.Type element = repeated.getType(0);
      Node node = node(message, element, list.element(), 0, inner.into(element));
      return new ListNode(node, position, path.definition(), inner.repetition(), leavesFrom(first));
    }
    List<Field> fields = declared instanceof Type.Struct struct ? struct.fields() : List.of();
    Node[] nodes = children(message, group, fields, path);
    return new StructNode(nodes, position, path.definition(), leavesFrom(first));
  }

  private List<Leaf> leavesFrom(int first) {
    return List.copyOf(leaves.subList(first, leaves.size()));
  }

  private static int position(List<Field> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void write(int repetition, Row row) {
    for (Node child : children) {
      child.write(repetition, row, child.position);
    }
  }

  @Override
  public List<TripleWriter<?>> columns() {
    return List.of();
  }

  @Override
  public void setColumnStore(ColumnWriteStore store) {
    for (Leaf leaf : leaves) {
      leaf.column = store.getColumnWriter(leaf.descriptor);
    }
  }

  /** A value of the schema's tree, at a fixed position of its parent's row. */
  private abstract static class Node {
    final int position;

    /** The definition level of a value that is present. */
    final int present;

    Node(int position, int present) {
      this.position = position;
      this.present = present;
    }

    abstract void write(int repetition, Row row, int at);

    static boolean absent(Row row, int at) {
      return at < 0 || row.isNull(at);
    }
  }

  private final class Leaf extends Node {
    final ColumnDescriptor descriptor;
    private final PrimitiveType primitive;
    private final Type type;
    private ColumnWriter column;

    Leaf(ColumnDescriptor descriptor, Type type, int position, int present) {
      super(position, present);
      this.descriptor = descriptor;
      this.primitive = descriptor.getPrimitiveType();
      this.type = type;
      leaves.add(this);
    }

    @Override
    void write(int repetition, Row row, int at) {
      if (absent(row, at)) {
        column.writeNull(repetition, present - 1);
        return;
      }
      switch (primitive.getPrimitiveTypeName()) {
        case BOOLEAN -> column.write(row.longAt(at) != 0, repetition, present);
        case INT32 -> column.write((int) row.longAt(at), repetition, present);
        case INT64 -> column.write(row.longAt(at), repetition, present);
        case DOUBLE -> column.write(row.doubleAt(at), repetition, present);
        case BINARY -> column.write(slice(row, at), repetition, present);
        case FIXED_LEN_BYTE_ARRAY -> column.write(fixed(row, at), repetition, present);
        case FLOAT, INT96 ->
            throw new IllegalStateException("no contract makes a column " + primitive);
      }
    }

    private Binary slice(Row row, int at) {
      return Binary.fromReusedByteArray(row.bytesAt(at), row.offsetAt(at), row.lengthAt(at));
    }

    private Binary fixed(Row row, int at) {
      if (!(type instanceof Type.Decimal declared)) {
        return slice(row, at);
      }
      // The table may have been widened to more digits, never to another scale.
      byte[] minimal =
          declared.precision() <= Row.LONG_DECIMAL_DIGITS
              ? BigDecimal.valueOf(row.longAt(at)).unscaledValue().toByteArray()
              : row.decimalAt(at).unscaledValue().toByteArray();
      byte[] padded = new byte[primitive.getTypeLength()];
      int start = padded.length - minimal.length;
      Arrays.fill(padded, 0, start, (byte) (minimal[0] < 0 ? -1 : 0));
      System.arraycopy(minimal, 0, padded, start, minimal.length);
      return Binary.fromConstantByteArray(padded);
    }
  }

  private static final class StructNode extends Node {
    private final Node[] children;
    private final List<Leaf> leaves;

    StructNode(Node[] children, int position, int present, List<Leaf> leaves) {
      super(position, present);
      this.children = children;
      this.leaves = leaves;
    }

    @Override
    void write(int repetition, Row row, int at) {
      if (absent(row, at)) {
        writeNulls(leaves, repetition, present - 1);
        return;
      }
      Row struct = row.rowAt(at);
      for (Node child : children) {
        child.write(repetition, struct, child.position);
      }
    }
  }

  private static final class ListNode extends Node {
    private final Node element;
    private final int elementRepetition;
    private final List<Leaf> leaves;

    ListNode(Node element, int position, int present, int elementRepetition, List<Leaf> leaves) {
      super(position, present);
      this.element = element;
      this.elementRepetition = elementRepetition;
      this.leaves = leaves;
    }

    @Override
    void write(int repetition, Row row, int at) {
      if (absent(row, at)) {
        writeNulls(leaves, repetition, present - 1);
        return;
      }
      Row list = row.rowAt(at);
      if (list.size() == 0) {
        writeNulls(leaves, repetition, present);
        return;
      }
      for (int i = 0; i < list.size(); i++) {
        element.write(i == 0 ? repetition : elementRepetition, list, i);
      }
    }
  }

  private static void writeNulls(List<Leaf> leaves, int repetition, int definition) {
    for (Leaf leaf : leaves) {
      leaf.column.writeNull(repetition, definition);
    }
  }
}
