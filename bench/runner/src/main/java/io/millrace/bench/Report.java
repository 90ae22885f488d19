package io.millrace.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * What one side of a contest says: lines on standard output, which {@code millrace bench} reads.
 */
public final class Report {

  static final String RESULT = "RESULT ";
  static final String MEMORY = "MEMORY ";
  static final String END = "END";

  private static final String PEAK = "VmHWM:";

  private Report() {}

  /** Says the only figure, and waits until it was read. */
  public static void only(String figure, double value) throws IOException {
    end(Map.of(figure, value));
  }

  /**
   * Says all figures, and waits until they were read.
   *
   * @param figures by their names
   */
  public static void end(Map<String, Double> figures) throws IOException {
    figures.forEach(
        (figure, value) ->
            System.out.println(RESULT + figure + " " + String.format(Locale.ROOT, "%.6f", value)));
    System.out.println(END);
    while (System.in.read() >= 0) {
      // it closes our input when it has looked at our memory
    }
  }

  /** Says that the work was done by another process than this one, and what that held. */
  public static void memory(long bytes) {
    System.out.println(MEMORY + bytes);
  }

  /** Processor time that this process has used, in microseconds. */
  public static double processorMicros() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e3;
  }

  /** The most of the machine's memory that a process held at a time, in bytes. */
  public static long peak(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(it -> it.startsWith(PEAK))
        .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElse(0);
  }
}
