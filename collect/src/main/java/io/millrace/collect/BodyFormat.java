package io.millrace.collect;

import java.util.Locale;

/** How the events of a body are laid out, as its Content-Type says. */
enum BodyFormat {
  ARRAY,
  LINES;

  static BodyFormat of(String contentType) {
    String header = contentType == null ? "" : contentType;
    String type = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "application/json" -> ARRAY;
      case "application/x-ndjson" -> LINES;
      default ->
          throw Refused.unknownFormat(
              "Cannot read a body with Content-Type '%s': send a JSON array as application/json, or a line for each event as application/x-ndjson"
                  .formatted(header));
    };
  }

  Elements split(Body body, int maxCount) {
    return switch (this) {
      case ARRAY -> Elements.ofArray(body.bytes(), body.length(), maxCount);
      case LINES -> Elements.ofLines(body.bytes(), body.length(), maxCount);
    };
  }
}
