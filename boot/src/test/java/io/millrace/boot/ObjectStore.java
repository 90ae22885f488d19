package io.millrace.boot;

import static org.awaitility.Awaitility.await;

import io.millrace.boot.processes.Ports;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/**
 * Adobe's S3Mock, in a process of its own, with empty buckets {@code lake} and {@code checkpoints}.
 */
final class ObjectStore implements AutoCloseable {

  private final Process process;
  private final Path folder;
  private final int port;

  private ObjectStore(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  static ObjectStore start(Path folder) throws IOException {
    Ports ports = new Ports(new SecureRandom());
    int port = ports.any();
    Path objects = Files.createDirectories(folder.resolve("objects"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dserver.address=127.0.0.1",
                "-Dhttp.port=" + port,
                "-Dserver.port=" + ports.any(),
                "-Dcom.adobe.testing.s3mock.store.root=" + objects,
                "-Dcom.adobe.testing.s3mock.store.initialBuckets=lake,checkpoints",
                "-cp",
                Repository.here().root().resolve("dist/lib/s3mock/*").toString(),
                "io.millrace.core.Leash",
                "0",
                "com.adobe.testing.s3mock.S3MockApplication")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    ObjectStore store = new ObjectStore(process, objects, port);
    await("object store")
        .atMost(Command.PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              URI.create(store.endpoint() + "/lake?list-type=2").toURL().openStream().close();
              return true;
            });
    return store;
  }

  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** How many objects a bucket has. */
  long objects(String bucket) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(bucket))) {
      return files.filter(it -> it.getFileName().toString().equals("objectMetadata.json")).count();
    }
  }

  /** What its clients find credentials in. */
  static List<String> credentials() {
    return List.of("AWS_ACCESS_KEY_ID=any", "AWS_SECRET_ACCESS_KEY=any", "AWS_REGION=us-east-1");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
