package io.millrace.project;

import java.util.List;

/** What the embedded broker has done with an event when it is acknowledged. */
public enum Durability {
  /** The operating system has it. */
  PROCESS,
  /** The disk has it. */
  FSYNC;

  /**
   * What an acknowledged event survives.
   *
   * @param setting in words, as a table shows it
   */
  public record Promise(String setting, String processDeath, String powerLoss, String diskLoss) {

    /** In a line. */
    public String words() {
      return "An acknowledged event: process death, %s; power loss, %s; disk loss, %s (%s)"
          .formatted(processDeath, powerLoss, diskLoss, setting);
    }
  }

  private static final Promise EXTERNAL =
      new Promise(
          "kafka, replicated",
          "kept",
          "kept while one in-sync replica has power",
          "kept while one in-sync replica is left");

  /** What is promised under each setting. */
  static List<Promise> promises() {
    return List.of(PROCESS.promise(), FSYNC.promise(), EXTERNAL);
  }

  private Promise promise() {
    return switch (this) {
      case PROCESS ->
          new Promise(
              "durability: process", "kept", "the last seconds may be lost", "lost with the disk");
      case FSYNC -> new Promise("durability: fsync", "kept", "kept", "lost with the disk");
    };
  }

  /** What a project's settings promise. */
  public static Promise promise(Settings settings) {
    return settings.kafka().isPresent() ? EXTERNAL : settings.durability().promise();
  }
}
