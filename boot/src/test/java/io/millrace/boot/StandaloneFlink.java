package io.millrace.boot;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.boot.processes.Ports;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A standalone Flink cluster: a JobManager and TaskManagers, each a process, from the artifacts of
 * Maven Central in {@code dist/lib/flink}, which has nothing of ours but the leash. Its plugins are
 * the file system for S3.
 */
final class StandaloneFlink implements AutoCloseable {

  static final int SLOTS = 2;
  static final String JOB_MANAGER = "job-manager";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As the configuration that Flink ships with has it for Java 17. */
  private static final List<String> OPENED =
      List.of(
          "java.base/java.lang",
          "java.base/java.net",
          "java.base/java.io",
          "java.base/java.nio",
          "java.base/sun.nio.ch",
          "java.base/java.lang.reflect",
          "java.base/java.text",
          "java.base/java.time",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/java.util.concurrent.locks");

  private final Path folder;
  private final int rpc;
  private final int rest;
  private final ObjectStore store;
  private final Map<String, Process> processes = new HashMap<>();

  private StandaloneFlink(Path folder, int rpc, int rest, ObjectStore store) {
    this.folder = folder;
    this.rpc = rpc;
    this.rest = rest;
    this.store = store;
  }

  /**
   * Starts it; returns when its slots are free.
   *
   * @param store where its jobs may keep their checkpoints
   */
  static StandaloneFlink start(Path folder, int taskManagers, ObjectStore store)
      throws IOException {
    Ports ports = new Ports(new SecureRandom());
    StandaloneFlink flink = new StandaloneFlink(folder, ports.any(), ports.any(), store);
    flink.startJobManager();
    for (int i = 1; i <= taskManagers; i++) {
      flink.startTaskManager("task-manager-" + i);
    }
    flink.awaitFree(SLOTS * taskManagers);
    return flink;
  }

  void startJobManager() throws IOException {
    start(JOB_MANAGER, "entrypoint.StandaloneSessionClusterEntrypoint", "");
  }

  void awaitFree(int slots) {
    await("slots").atMost(Command.PATIENCE).ignoreExceptions().until(() -> freeSlots() == slots);
  }

  /** Its name is its id in the cluster, too. Flink's scripts would work out the sizes it has. */
  void startTaskManager(String name) throws IOException {
    start(
        name,
        "taskexecutor.TaskManagerRunner",
        """
        taskmanager.resource-id: %s
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.numberOfTaskSlots: %d
        taskmanager.cpu.cores: 1.0
        taskmanager.memory.framework.heap.size: 128m
        taskmanager.memory.framework.off-heap.size: 128m
        taskmanager.memory.task.heap.size: 256m
        taskmanager.memory.task.off-heap.size: 64m
        taskmanager.memory.managed.size: 16m
        taskmanager.memory.network.min: 32m
        taskmanager.memory.network.max: 32m
        taskmanager.memory.jvm-metaspace.size: 256m
        taskmanager.memory.jvm-overhead.min: 128m
        taskmanager.memory.jvm-overhead.max: 128m
        """
            .formatted(name, SLOTS));
  }

  private void start(String name, String main, String more) throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        own.resolve("config.yaml"),
        """
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %d
        jobmanager.bind-host: 127.0.0.1
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        rest.bind-port: %d
        heartbeat.interval: 2 s
        heartbeat.timeout: 10 s
        taskmanager.load-balance.mode: SLOTS
        s3.endpoint: %s
        s3.path.style.access: true
        s3.buffer.dir: %s
        io.tmp.dirs: %s
        """
                .formatted(
                    rpc,
                    rest,
                    rest,
                    store.endpoint(),
                    own.resolve("tmp/s3"),
                    Files.createDirectories(own.resolve("tmp")))
            + more);
    List<String> command = new ArrayList<>(List.of("env"));
    command.addAll(ObjectStore.credentials());
    command.add("FLINK_PLUGINS_DIR=" + Repository.here().root().resolve("dist/lib/flink-plugins"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    OPENED.forEach(it -> command.add("--add-opens=" + it + "=ALL-UNNAMED"));
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + own.resolve("tmp"),
            "-cp",
            Repository.here().root().resolve("dist/lib/flink/*").toString(),
            "io.millrace.core.Leash",
            "0",
            "org.apache.flink.runtime." + main,
            "--configDir",
            own.toString()));
    processes.put(
        name,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(own.resolve("log").toFile()))
            .start());
  }

  String url() {
    return "http://127.0.0.1:" + rest;
  }

  int freeSlots() throws IOException {
    return get("/overview").get("slots-available").asInt();
  }

  /** The TaskManager that one task of a job runs on. */
  String taskManagerOf(String job, String task) throws IOException {
    for (JsonNode vertex : get("/jobs/" + job).get("vertices")) {
      if (vertex.get("name").asText().contains(task)) {
        return get("/jobs/%s/vertices/%s".formatted(job, vertex.get("id").asText()))
            .at("/subtasks/0/taskmanager-id")
            .asText();
      }
    }
    throw new IllegalArgumentException(task);
  }

  private JsonNode get(String path) throws IOException {
    return JSON.readTree(URI.create(url() + path).toURL());
  }

  /** Ends a process without asking, as kill -9 does. */
  void kill(String name) throws InterruptedException {
    processes.remove(name).destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
  }
}
