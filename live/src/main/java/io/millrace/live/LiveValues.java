package io.millrace.live;

import io.millrace.core.DataDirectory;
import io.millrace.core.Meters;
import io.millrace.lake.Lake;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The live values of a project, of each stream whose contract asks for them. */
public final class LiveValues implements AutoCloseable {

  private final Path root;
  private final SortedMap<String, LiveStream> streams = new TreeMap<>();

  private LiveValues(Path root) {
    this.root = root;
  }

  /** Of no stream, for who cannot have them because the server does. */
  public static LiveValues none(DataDirectory data) {
    return new LiveValues(data.live());
  }

  /**
   * @param lake what they are filled from; stays open
   * @param kafka bootstrap servers
   */
  public LiveValues(Project project, DataDirectory data, Lake lake, String kafka, Meters meters) {
    this(data.live());
    for (StreamContract contract : project.streams().values()) {
      if (contract.live().isPresent()) {
        streams.put(
            contract.name(),
            new LiveStream(
                contract,
                new LiveFolder(folder(contract)),
                new Filling(contract, lake, data.metadata()),
                kafka,
                meters));
      }
    }
  }

  private Path folder(StreamContract contract) {
    return root.resolve(contract.topic());
  }

  /** Begins to follow the topics; those of streams that no longer keep live values go. */
  public void start() {
    for (Path folder : LiveFolder.children(root)) {
      if (streams.values().stream().noneMatch(it -> folder(it.contract()).equals(folder))) {
        LiveFolder.delete(folder);
      }
    }
    streams.values().forEach(LiveStream::start);
  }

  /** Those of a stream, if its contract asks for them. */
  public Optional<LiveStream> find(String stream) {
    return Optional.ofNullable(streams.get(stream));
  }

  public Collection<LiveStream> all() {
    return Collections.unmodifiableCollection(streams.values());
  }

  @Override
  public void close() {
    streams.values().forEach(LiveStream::close);
  }
}
