package io.millrace.core;

import java.io.Serializable;

/**
 * The name of a table in the lake: a layer and a name, such as {@code bronze.clicks}. Both parts
 * are lower-case identifiers, so they need no quotes in any engine.
 */
public record TableName(String layer, String name) implements Comparable<TableName>, Serializable {

  public TableName {
    Identifiers.require(layer, "layer");
    Identifiers.require(name, "table name");
  }

  /** The accepted events of a stream. */
  public static TableName bronze(String stream) {
    return new TableName("bronze", plain(stream));
  }

  /** The events of a stream that broke its contract. */
  public static TableName rejected(String stream) {
    return new TableName("quarantine", plain(stream) + "_rejected");
  }

  /** The events of a stream that had been seen before. */
  public static TableName repeated(String stream) {
    return new TableName("quarantine", plain(stream) + "_repeated");
  }

  /** The events of a stream that came after its lateness had run out. */
  public static TableName late(String stream) {
    return new TableName("quarantine", plain(stream) + "_late");
  }

  /** A stream's name as tables have it: {@code clicks_v2} of {@code clicks@2}. */
  private static String plain(String stream) {
    return stream.replace("@", "_v");
  }

  /** Reads {@code layer.name}. */
  public static TableName parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0 || dot != text.lastIndexOf('.')) {
      throw MillraceException.caller(
          "Cannot read table name '" + text + "': write it as layer.name, such as bronze.clicks");
    }
    return new TableName(text.substring(0, dot), text.substring(dot + 1));
  }

  @Override
  public int compareTo(TableName other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return layer + "." + name;
  }
}
