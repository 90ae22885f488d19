package io.millrace.boot.processes;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A process with a class path of its own, as it is started.
 *
 * @param name broker, stream or server
 * @param command the program and its arguments, asked for at each start
 * @param classes what it may start from
 * @param port it listens here once it runs
 * @param moreMemory what to do if it runs out of memory, for a sentence
 * @param roomBytes of free disk without which it is not started
 * @param first what has to run once before the first start
 */
record Island(
    String name,
    Supplier<List<String>> command,
    ClassArchive classes,
    int port,
    String moreMemory,
    long roomBytes,
    Optional<First> first) {

  /** A command that makes a file, and is not run again once the file exists. */
  record First(Path makes, List<String> command) {}

  /** The same process, with what has to run before it. */
  Island after(First first) {
    return new Island(name, command, classes, port, moreMemory, roomBytes, Optional.of(first));
  }

  /** The same process, started only where so much of the disk is free. */
  Island needing(long roomBytes) {
    return new Island(name, command, classes, port, moreMemory, roomBytes, first);
  }
}
