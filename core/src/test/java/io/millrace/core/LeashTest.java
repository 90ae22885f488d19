package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeashTest {

  private Process process;

  @AfterEach
  void stop() {
    process.destroyForcibly();
  }

  @Test
  void endsTheProcessWhenStandardInputEnds() throws Exception {
    startLeashed("0", "waits");
    assertThat(firstLine()).isEqualTo("waits");

    process.outputWriter().close();

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void endsTheProcessWhenItsMainFails() throws Exception {
    startLeashed("0", "fails");

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(firstLine()).isEqualTo("java.lang.IllegalStateException: as it was told");
  }

  @Test
  void servesTheMetersOfTheProcess() throws Exception {
    int port = freePort();
    startLeashed(Integer.toString(port), "waits");
    assertThat(firstLine()).isEqualTo("waits");

    String metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
                BodyHandlers.ofString())
            .body();

    assertThat(metrics)
        .contains("# TYPE waits_total counter\nwaits_total 1.0\n")
        .contains("jvm_memory_used_bytes{area=\"heap\"}")
        .containsOnlyOnce("\njvm_memory_live_bytes ")
        .contains("process_cpu_nanoseconds_total");
  }

  /** Whoever catches such a fault would go on with half of what it wanted to write. */
  @Test
  void endsTheProcessWhenMappedMemoryHasNoDiskBehindIt() throws Exception {
    startLeashed("0", "maps");

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(process.inputReader().lines())
        .anyMatch(it -> it.contains("java.lang.InternalError"))
        .noneMatch(it -> it.equals("went on"));
  }

  /** What the leashed process runs. */
  static final class Child {
    public static void main(String[] args) throws Exception {
      if (args[0].equals("fails")) {
        throw new IllegalStateException("as it was told");
      }
      if (args[0].equals("maps")) {
        writeWhereNoDiskIs();
        System.out.println("went on");
      }
      Leash.meters().counter("waits_total", "How often it waited.").increment();
      System.out.println(args[0]);
      new CountDownLatch(1).await();
    }
  }

  /** A full disk cannot be had without rights; a file that became shorter is the same fault. */
  private static void writeWhereNoDiskIs() throws IOException {
    Path path = Files.createTempFile("mapped", "");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      Files.delete(path);
      file.setLength(1 << 20);
      MappedByteBuffer mapped = file.getChannel().map(MapMode.READ_WRITE, 0, 1 << 20);
      file.setLength(0);
      while (true) {
        mapped.put(0, (byte) 1);
      }
    } catch (InternalError e) {
      new IllegalStateException("as a library would say it", e).printStackTrace(System.err);
    }
  }

  private void startLeashed(String port, String argument) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Leash.class.getName(),
                port,
                Child.class.getName(),
                argument)
            .redirectErrorStream(true)
            .start();
  }

  private String firstLine() throws IOException {
    BufferedReader output = process.inputReader();
    return output.readLine();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
