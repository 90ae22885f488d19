package io.millrace.core;

import java.nio.file.Path;

/**
 * Where a running project keeps its state: {@code .millrace/} in the project directory unless told
 * otherwise. Only its owner may read it. Nothing outside this class spells a path inside it.
 */
public record DataDirectory(Path root) {

  public DataDirectory {
    root = root.toAbsolutePath().normalize();
  }

  /** The default data directory of a project. */
  public static DataDirectory of(Path project) {
    return new DataDirectory(project.resolve(".millrace"));
  }

  /** Held by the one {@code up} that may use this directory. */
  public Path lock() {
    return root.resolve("run/lock");
  }

  /** The ports of the running processes, see {@link Endpoints}. */
  public Path endpoints() {
    return root.resolve("run/endpoints.properties");
  }

  /** The state of each process, kept by {@code up}: one line a process. */
  public Path processes() {
    return root.resolve("run/processes.properties");
  }

  /** What the embedded broker is configured with; written by {@code up}. */
  public Path brokerProperties() {
    return root.resolve("run/broker.properties");
  }

  /** Asks {@code up} to take the project as it is now; see {@code millrace apply}. */
  public Path applyRequest() {
    return root.resolve("run/apply.request");
  }

  /** What came of it. */
  public Path applyAnswer() {
    return root.resolve("run/apply.answer");
  }

  /** The key this machine's own commands write with; made anew by each {@code up}. */
  public Path localKey() {
    return root.resolve("run/local.key");
  }

  /** Write keys of outside producers: a name and a hash on each line. */
  public Path writeKeys() {
    return root.resolve("keys");
  }

  /** Keys of readers: a name, a hash and a role on each line. */
  public Path readKeys() {
    return root.resolve("readers");
  }

  /** The key of what tells who somebody is: pseudonyms and quarantined events. */
  public Path personalKey() {
    return root.resolve("personal.key");
  }

  /** Locked by whoever loads files into a stream. */
  public Path loadLock(String stream) {
    return root.resolve("run/load-%s.lock".formatted(stream));
  }

  public Path log(String process) {
    return root.resolve("logs").resolve(process + ".log");
  }

  public Path kafka() {
    return root.resolve("kafka");
  }

  /** The warehouse of the lake: data and metadata files. */
  public Path lake() {
    return root.resolve("lake");
  }

  /** Where the warehouse is instead, if it is behind an S3 API. */
  public Path warehouse() {
    return root.resolve("warehouse.properties");
  }

  /** Of data files behind an S3 API; what is missing is copied when it is read. */
  public Path copies() {
    return root.resolve("copies");
  }

  /** SQLite: the Iceberg catalog, the ledger of commits, the counts of the collector. */
  public Path metadata() {
    return root.resolve("metadata.db");
  }

  /** The newest row of each key, a folder for each stream that keeps them; the server's alone. */
  public Path live() {
    return root.resolve("live");
  }

  /** Which Flink cluster runs the stream job, see {@link Deployment}. */
  public Path deployment() {
    return root.resolve("deployment.properties");
  }

  /** The stream job's, unless they are in a bucket. */
  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  /** A name by which files of this directory are told from those of others in a bucket. */
  public Path name() {
    return root.resolve("name");
  }

  /** Marks a directory that a demo made, and that the next demo may empty. */
  public Path demoMark() {
    return root.resolve("demo");
  }

  /** Temporary files of one process; emptied when the process starts. */
  public Path temporary(String process) {
    return root.resolve("tmp").resolve(process);
  }
}
