package io.millrace.stream;

import io.millrace.lake.Ledger.TopicPartition;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The repeat windows of one subtask on disk. Windows hold many millions of ids and change by a few
 * per cent between checkpoints, so a checkpoint writes what was added since the last one as a
 * segment, a file that never changes, and its state is the list of segments. A segment is dropped
 * when every window has forgotten its ids, and deleted once a later checkpoint is complete.
 *
 * <p>After a restart each subtask is given all segments, because partitions may have moved; it
 * reads a partition's ids when it first meets that partition.
 */
final class RepeatSegments {

  private static final int MAGIC = 0x4D524531; // "MRE1"
  private static final int BYTES_PER_ID = 3 * Long.BYTES;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path directory;

  /** Segments this subtask answers for in its checkpoints. */
  private final List<Segment> own = new ArrayList<>();

  /** Segments that hold the ids of partitions which may not have been met yet. */
  private final List<Segment> restored = new ArrayList<>();

  private final List<Dropped> dropped = new ArrayList<>();

  RepeatSegments(String directory) {
    this.directory = new Path(directory);
  }

  /** Ids of one partition in a segment: where they are, and the newest generation among them. */
  private record Section(long position, int count, long newestGeneration) {}

  private record Segment(String path, Map<TopicPartition, Section> sections) {}

  private record Dropped(long checkpoint, String path) {}

  /** Takes over the segments of a checkpoint. */
  void restore(Iterable<String> paths, int subtask, int subtasks) throws IOException {
    for (String path : paths) {
      Segment segment = open(path);
      restored.add(segment);
      if (Math.floorMod(path.hashCode(), subtasks) == subtask) {
        own.add(segment);
      }
    }
  }

  /**
   * Deletes segments that the restored checkpoint does not list: those of a checkpoint that a crash
   * cut short. To be called by one subtask before it runs; until then no checkpoint is taken, so
   * none is being written.
   */
  void deleteUnlisted() throws IOException {
    // By their names, because file systems differ in how they spell the rest.
    Set<String> listed =
        restored.stream()
            .map(segment -> new Path(segment.path()).getName())
            .collect(Collectors.toSet());
    if (!files().exists(directory)) {
      return;
    }
    for (FileStatus file : files().listStatus(directory)) {
      if (!listed.contains(file.getPath().getName())) {
        files().delete(file.getPath(), false);
      }
    }
  }

  /** Fills the window of a partition with what the restored segments hold of it. */
  void fill(TopicPartition partition, RepeatWindow window) throws IOException {
    for (Segment segment : restored) {
      Section section = segment.sections().get(partition);
      if (section != null) {
        try (FSDataInputStream file = files().open(new Path(segment.path()))) {
          file.seek(section.position());
          DataInputStream in = new DataInputStream(new BufferedInputStream(file, BUFFER_BYTES));
          for (int i = 0; i < section.count(); i++) {
            window.restore(in.readLong(), in.readLong(), in.readLong());
          }
        }
      }
    }
  }

  /** Writes what the windows have added, drops what they have forgotten, and lists the rest. */
  List<String> checkpoint(long checkpoint, Map<TopicPartition, RepeatWindow> windows)
      throws IOException {
    Map<TopicPartition, RepeatWindow.Additions> additions = new HashMap<>();
    windows.forEach(
        (partition, window) -> {
          RepeatWindow.Additions added = window.takeAdditions();
          if (added.size() > 0) {
            additions.put(partition, added);
          }
        });
    if (!additions.isEmpty()) {
      own.add(write(additions));
    }
    for (Segment segment : List.copyOf(own)) {
      if (isForgotten(segment, windows)) {
        own.remove(segment);
        restored.remove(segment);
        dropped.add(new Dropped(checkpoint, segment.path()));
      }
    }
    return own.stream().map(Segment::path).toList();
  }

  private static boolean isForgotten(Segment segment, Map<TopicPartition, RepeatWindow> windows) {
    return segment.sections().entrySet().stream()
        .allMatch(
            section -> {
              RepeatWindow window = windows.get(section.getKey());
              return window != null && window.hasForgotten(section.getValue().newestGeneration());
            });
  }

  /** Deletes segments that no checkpoint which could be restored needs. */
  void checkpointComplete(long checkpoint) throws IOException {
    for (Dropped segment : dropped) {
      if (segment.checkpoint() < checkpoint) {
        files().delete(new Path(segment.path()), false);
      }
    }
    dropped.removeIf(segment -> segment.checkpoint() < checkpoint);
  }

  private Segment write(Map<TopicPartition, RepeatWindow.Additions> additions) throws IOException {
    files().mkdirs(directory);
    Path path = new Path(directory, UUID.randomUUID() + ".ids");
    Map<TopicPartition, Section> sections = new HashMap<>();
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                files().create(path, FileSystem.WriteMode.NO_OVERWRITE), BUFFER_BYTES))) {
      out.writeInt(MAGIC);
      out.writeInt(additions.size());
      for (Map.Entry<TopicPartition, RepeatWindow.Additions> entry : additions.entrySet()) {
        RepeatWindow.Additions added = entry.getValue();
        long newest = added.generation(added.size() - 1);
        out.writeUTF(entry.getKey().topic());
        out.writeInt(entry.getKey().partition());
        out.writeInt(added.size());
        out.writeLong(newest);
        sections.put(entry.getKey(), new Section(out.size(), added.size(), newest));
        for (int i = 0; i < added.size(); i++) {
          out.writeLong(added.generation(i));
          out.writeLong(added.high(i));
          out.writeLong(added.low(i));
        }
      }
    }
    return new Segment(path.toString(), sections);
  }

  private Segment open(String path) throws IOException {
    Map<TopicPartition, Section> sections = new HashMap<>();
    try (FSDataInputStream file = files().open(new Path(path))) {
      DataInputStream in = new DataInputStream(file);
      if (in.readInt() != MAGIC) {
        throw new IOException(path + " is not a segment of event ids");
      }
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        TopicPartition partition = new TopicPartition(in.readUTF(), in.readInt());
        int ids = in.readInt();
        long newest = in.readLong();
        sections.put(partition, new Section(file.getPos(), ids, newest));
        file.seek(file.getPos() + (long) ids * BYTES_PER_ID);
      }
    }
    return new Segment(path, sections);
  }

  private FileSystem files() throws IOException {
    return directory.getFileSystem();
  }
}
