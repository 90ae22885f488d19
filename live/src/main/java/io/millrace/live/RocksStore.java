package io.millrace.live;

import io.millrace.core.MillraceException;
import io.millrace.event.LiveRow;
import io.millrace.event.LiveRow.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Rows in a RocksDB of their own. Rows and the position are written as one batch, so a process that
 * dies leaves both or neither. What the machine had not written when its power failed is lost with
 * its position, and is followed again.
 */
final class RocksStore implements LiveStore {

  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final long CACHE_BYTES = 32L << 20;
  private static final int BLOOM_BITS = 10;
  private static final int MAX_OPEN_FILES = 256;

  private static final byte[] POSITION = {0};
  private static final byte ROW = 1;

  private final Path folder;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final RocksDB database;
  private final WriteOptions writing = new WriteOptions();

  private RocksStore(Path folder) throws RocksDBException {
    this.folder = folder;
    LRUCache cache = new LRUCache(CACHE_BYTES);
    BloomFilter filter = new BloomFilter(BLOOM_BITS);
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setMaxOpenFiles(MAX_OPEN_FILES)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setKeepLogFileNum(1)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
    parts.addAll(List.of(writing, options, filter, cache));
    try {
      this.database = RocksDB.open(options, folder.toString());
    } catch (RocksDBException e) {
      close(); // Nothing else would give back what they hold outside the heap.
      throw e;
    }
    parts.add(0, database);
  }

  /** Opens the store in a folder, which is made if there is none. */
  static RocksStore open(Path folder) {
    try {
      Files.createDirectories(folder);
      RocksDB.loadLibrary();
      return new RocksStore(folder);
    } catch (RocksDBException e) {
      throw MillraceException.world(
          "Cannot open the live values in %s: %s; they are filled from bronze"
              .formatted(folder, e.getMessage()),
          e);
    } catch (IOException e) {
      throw MillraceException.world("Cannot make %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  Path folder() {
    return folder;
  }

  @Override
  public Applied apply(List<LiveRow> rows, LivePosition position) {
    try (WriteBatch batch = new WriteBatch()) {
      long taken = 0;
      Map<String, Version> newest = held(rows);
      for (LiveRow row : rows) {
        Version held = newest.get(row.key());
        if (held == null || row.version().compareTo(held) >= 0) {
          newest.put(row.key(), row.version());
          batch.put(key(row.key()), value(row));
          taken++;
        }
      }
      batch.put(POSITION, position.text().getBytes(StandardCharsets.UTF_8));
      database.write(writing, batch);
      return new Applied(taken, rows.size() - taken);
    } catch (RocksDBException e) {
      throw failed("write", e);
    }
  }

  /** Of the keys of some rows, as far as they are there. */
  private Map<String, Version> held(List<LiveRow> rows) throws RocksDBException {
    if (rows.isEmpty()) {
      return new HashMap<>(); // RocksDB does not take no keys
    }
    List<String> keys = rows.stream().map(LiveRow::key).distinct().toList();
    List<byte[]> values = database.multiGetAsList(keys.stream().map(RocksStore::key).toList());
    Map<String, Version> held = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      if (values.get(i) != null) {
        held.put(keys.get(i), Version.read(ByteBuffer.wrap(values.get(i))));
      }
    }
    return held;
  }

  @Override
  public LivePosition position() {
    try {
      byte[] text = database.get(POSITION);
      return text == null
          ? LivePosition.NONE
          : LivePosition.parse(new String(text, StandardCharsets.UTF_8));
    } catch (RocksDBException e) {
      throw failed("read", e);
    }
  }

  @Override
  public Optional<LiveRow> find(String key) {
    try {
      return Optional.ofNullable(database.get(key(key)))
          .map(value -> row(key, value))
          .filter(row -> row.json().isPresent());
    } catch (RocksDBException e) {
      throw failed("read", e);
    }
  }

  @Override
  public void forEach(Consumer<LiveRow> taker) {
    try (RocksIterator rows = database.newIterator()) {
      for (rows.seek(new byte[] {ROW}); rows.isValid(); rows.next()) {
        byte[] key = rows.key();
        LiveRow row = row(new String(key, 1, key.length - 1, StandardCharsets.UTF_8), rows.value());
        if (row.json().isPresent()) {
          taker.accept(row);
        }
      }
      rows.status();
    } catch (RocksDBException e) {
      throw failed("read", e);
    }
  }

  /** Strict, because whatever is no Unicode would become one and the same key. */
  private static byte[] key(String key) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key));
      byte[] bytes = new byte[1 + utf8.remaining()];
      bytes[0] = ROW;
      utf8.get(bytes, 1, bytes.length - 1);
      return bytes;
    } catch (CharacterCodingException e) {
      throw MillraceException.caller("Cannot look for a key that is no Unicode", e);
    }
  }

  private static byte[] value(LiveRow row) {
    byte[] json = row.json().orElse("").getBytes(StandardCharsets.UTF_8);
    ByteBuffer value = ByteBuffer.allocate(Version.BYTES + json.length);
    row.version().write(value);
    return value.put(json).array();
  }

  private static LiveRow row(String key, byte[] value) {
    Version version = Version.read(ByteBuffer.wrap(value));
    byte[] json = Arrays.copyOfRange(value, Version.BYTES, value.length);
    return json.length == 0
        ? LiveRow.gone(key, version)
        : LiveRow.of(key, version, new String(json, StandardCharsets.UTF_8));
  }

  private MillraceException failed(String verb, RocksDBException e) {
    return MillraceException.world(
        "Cannot %s the live values in %s: %s".formatted(verb, folder, e.getMessage()), e);
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        throw MillraceException.world(
            "Cannot close the live values in %s: %s".formatted(folder, e.getMessage()), e);
      }
    }
  }
}
