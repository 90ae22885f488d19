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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The windows of one kind and one subtask on disk. Windows hold many millions of entries and change
 * by a few per cent between checkpoints, so a checkpoint writes what was added since the last one
 * as a segment, a file that never changes, and its state is the list of segments. A segment is
 * dropped when every window has forgotten its entries, and deleted once a later checkpoint is
 * complete.
 *
 * <p>After a restart each subtask is given all segments, because partitions may have moved; it
 * reads a partition's entries when it first meets that partition.
 */
final class WindowSegments {

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path directory;
  private final Kind kind;

  /** Which subtask writes here. */
  private int writer;

  /** Segments this subtask answers for in its checkpoints. */
  private final List<Segment> own = new ArrayList<>();

  /** Segments that hold the entries of partitions which may not have been met yet. */
  private final List<Segment> restored = new ArrayList<>();

  private final List<Dropped> dropped = new ArrayList<>();

  WindowSegments(String directory, Kind kind) {
    this.directory = new Path(directory);
    this.kind = kind;
  }

  /** What the windows remember, which each has a folder of its own. */
  enum Kind {
    IDS(0x4D524531, RepeatWindow.WIDTH), // "MRE1"
    SESSIONS(0x4D534531, SessionWindow.WIDTH); // "MSE1"

    /** The first bytes of a segment. */
    private final int magic;

    /** Longs of an entry. */
    private final int width;

    Kind(int magic, int width) {
      this.magic = magic;
      this.width = width;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Entries of one partition in a segment: where they are, and the newest generation among them.
   */
  private record Section(long position, int count, long newestGeneration) {}

  private record Segment(String path, Map<TopicPartition, Section> sections) {
    /** The subtask that wrote it, by its name. */
    int writer() {
      String[] parts = new Path(path).getName().split("\\.", -1);
      return parts.length == 3 ? Integer.parseInt(parts[1]) : 0;
    }
  }

  private record Dropped(long checkpoint, String path) {}

  /**
   * Takes over the segments of a checkpoint. Each is answered for by the subtask that wrote it, as
   * far as there is one of this number: as a rule it reads the same partitions again, and so comes
   * to know when they are forgotten.
   */
  void restore(Iterable<String> paths, int subtask, int subtasks) throws IOException {
    writer = subtask;
    for (String path : paths) {
      Segment segment = open(path);
      restored.add(segment);
      if (segment.writer() % subtasks == subtask) {
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
  void fill(TopicPartition partition, Window<?> window) throws IOException {
    for (Segment segment : restored) {
      Section section = segment.sections().get(partition);
      if (section != null) {
        try (FSDataInputStream file = files().open(new Path(segment.path()))) {
          file.seek(section.position());
          DataInputStream in = new DataInputStream(new BufferedInputStream(file, BUFFER_BYTES));
          long[] entry = new long[kind.width];
          for (int i = 0; i < section.count(); i++) {
            for (int field = 0; field < entry.length; field++) {
              entry[field] = in.readLong();
            }
            window.restore(entry);
          }
        }
      }
    }
  }

  /** Writes what the windows have added, drops what they have forgotten, and lists the rest. */
  List<String> checkpoint(long checkpoint, Map<TopicPartition, ? extends Window<?>> windows)
      throws IOException {
    Map<TopicPartition, Additions> additions = new HashMap<>();
    windows.forEach(
        (partition, window) -> {
          Additions added = window.takeAdditions();
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

  private static boolean isForgotten(
      Segment segment, Map<TopicPartition, ? extends Window<?>> windows) {
    return segment.sections().entrySet().stream()
        .allMatch(
            section -> {
              Window<?> window = windows.get(section.getKey());
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

  private Segment write(Map<TopicPartition, Additions> additions) throws IOException {
    files().mkdirs(directory);
    Path path = new Path(directory, "%s.%d.%s".formatted(UUID.randomUUID(), writer, kind));
    Map<TopicPartition, Section> sections = new HashMap<>();
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                files().create(path, FileSystem.WriteMode.NO_OVERWRITE), BUFFER_BYTES))) {
      out.writeInt(kind.magic);
      out.writeInt(additions.size());
      for (Map.Entry<TopicPartition, Additions> entry : additions.entrySet()) {
        Additions added = entry.getValue();
        long newest = added.get(added.size() - 1, 0);
        out.writeUTF(entry.getKey().topic());
        out.writeInt(entry.getKey().partition());
        out.writeInt(added.size());
        out.writeLong(newest);
        sections.put(entry.getKey(), new Section(out.size(), added.size(), newest));
        for (int i = 0; i < added.size(); i++) {
          for (int field = 0; field < kind.width; field++) {
            out.writeLong(added.get(i, field));
          }
        }
      }
    }
    return new Segment(path.toString(), sections);
  }

  private Segment open(String path) throws IOException {
    Map<TopicPartition, Section> sections = new HashMap<>();
    try (FSDataInputStream file = files().open(new Path(path))) {
      DataInputStream in = new DataInputStream(file);
      if (in.readInt() != kind.magic) {
        throw new IOException(path + " is not a segment of " + kind);
      }
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        TopicPartition partition = new TopicPartition(in.readUTF(), in.readInt());
        int entries = in.readInt();
        long newest = in.readLong();
        sections.put(partition, new Section(file.getPos(), entries, newest));
        file.seek(file.getPos() + (long) entries * kind.width * Long.BYTES);
      }
    }
    return new Segment(path, sections);
  }

  private FileSystem files() throws IOException {
    return directory.getFileSystem();
  }
}
