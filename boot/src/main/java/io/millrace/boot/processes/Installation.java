package io.millrace.boot.processes;

import io.millrace.core.MillraceException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The directory that holds the {@code millrace} script: the class path of each process under {@code
 * dist/lib/} and the packs beside it.
 */
public record Installation(Path home) {

  /** Options for the JVM of each process, between spaces; they win over ours. */
  private static final String MORE_OPTIONS = "MILLRACE_JAVA_OPTIONS";

  /** The installation that the running code comes from. */
  public static Installation here() {
    try {
      Path jar =
          Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path lib = jar.getParent().getParent();
      if (Files.isRegularFile(jar) && lib.endsWith("dist/lib")) {
        return new Installation(lib.getParent().getParent());
      }
      throw MillraceException.world(
          "Cannot find the other processes beside '" + jar + "': start Millrace by its script");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The example project of an online shop. */
  public Path retailPack() {
    return home.resolve("packs/retail");
  }

  /**
   * The command that starts a process of its own class path, with the Java that runs this one.
   *
   * @param process broker, stream or server
   */
  public List<String> java(String process, List<String> options, List<String> arguments) {
    return java(process, archive(process).options(), options, arguments);
  }

  /** The same for a process that writes the archive of its classes where there is none. */
  List<String> javaToWrite(String process, List<String> options, List<String> arguments) {
    return java(process, archive(process).optionsToWrite(), options, arguments);
  }

  private List<String> java(
      String process, List<String> sharing, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(sharing);
    Optional.ofNullable(System.getenv(MORE_OPTIONS)).ifPresent(it -> command.addAll(words(it)));
    command.add("-cp");
    command.add(jars(process).resolve("*").toString());
    command.addAll(arguments);
    return List.copyOf(command);
  }

  ClassArchive archive(String process) {
    return new ClassArchive(jars(process));
  }

  private Path jars(String process) {
    return home.resolve("dist/lib").resolve(process);
  }

  static List<String> words(String options) {
    return Arrays.stream(options.split("\\s+", -1)).filter(it -> !it.isEmpty()).toList();
  }
}
