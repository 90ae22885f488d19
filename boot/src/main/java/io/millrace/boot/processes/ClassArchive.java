package io.millrace.boot.processes;

import io.millrace.core.Daemons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The classes of a process as the JVM maps them from a file, from which it starts in two thirds of
 * the time (class data sharing, JEP 350). The first process that runs for a while writes it, all
 * later ones read it. A JVM that cannot use the file starts without it, and says nothing.
 *
 * @param jars the directory of the process's class path; the file lies beside it
 */
record ClassArchive(Path jars) {

  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
  private static final int WRITE_LIMIT_SECONDS = 60;

  /** Processes that stand still together on few processors do so for longer than clients wait. */
  private static final Executor ONE_AT_A_TIME = Daemons.timer("class-archives");

  /** What the JVM says of archives would stand in what a process says. */
  private static final String SILENT = "-Xlog:cds*=off";

  /** The options of the JVM to start from the archive; none without one. */
  List<String> options() {
    return isUpToDate() ? List.of("-XX:SharedArchiveFile=" + file(), SILENT) : List.of();
  }

  /** The options of a JVM that without an archive is told to {@link #write} it. */
  List<String> optionsToWrite() {
    List<String> options = options();
    return options.isEmpty() && canBeWritten()
        ? List.of("-XX:+RecordDynamicDumpInfo", SILENT)
        : options;
  }

  Path file() {
    return jars.resolveSibling(jars.getFileName() + ".jsa");
  }

  /** Whether it is there, and not of jars that have been built anew since. */
  boolean isUpToDate() {
    try (Stream<Path> files = Files.list(jars)) {
      FileTime written = Files.getLastModifiedTime(file());
      for (Path jar : files.toList()) {
        if (Files.getLastModifiedTime(jar).compareTo(written) > 0) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A JVM that shares no classes at all does not start with the option to record them. */
  private boolean canBeWritten() {
    return System.getProperty("java.vm.info", "").contains("sharing")
        && Files.isExecutable(JCMD)
        && Files.isWritable(jars.toAbsolutePath().getParent());
  }

  /** Has a process write it, which stops the process for a second or two. Returns at once. */
  void write(Process process) {
    ONE_AT_A_TIME.execute(() -> writeNow(process));
  }

  private void writeNow(Process process) {
    Path unfinished = jars.resolveSibling(jars.getFileName() + "." + process.pid() + ".jsa");
    try {
      Process writing =
          new ProcessBuilder(
                  JCMD.toString(),
                  Long.toString(process.pid()),
                  "VM.cds",
                  "dynamic_dump",
                  unfinished.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (writing.waitFor(WRITE_LIMIT_SECONDS, TimeUnit.SECONDS) && writing.exitValue() == 0) {
          Files.move(unfinished, file(), StandardCopyOption.ATOMIC_MOVE);
        }
      } finally {
        writing.destroyForcibly();
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      // It was not written, as by a process that has been killed; the next one tries again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
