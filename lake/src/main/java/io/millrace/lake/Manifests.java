package io.millrace.lake;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The data files of snapshots, with the bounds of their times. A manifest is written once, so what
 * it lists is remembered.
 */
final class Manifests {

  /** Some 10 to 20 MB. */
  private static final int MAX_FILES = 100_000;

  private final LakeFiles io;
  private final Map<String, Listing> known = new LinkedHashMap<>(16, 0.75f, true);
  private int files;

  Manifests(LakeFiles io) {
    this.io = io;
  }

  List<String> files(TableMetadata table, Snapshot snapshot) {
    List<String> locations = new ArrayList<>();
    for (Listing listing : listings(table, snapshot)) {
      locations.addAll(listing.locations);
    }
    return List.copyOf(locations);
  }

  /** The files that may have values of a column from {@code first} up to {@code end}. */
  List<String> files(TableMetadata table, Snapshot snapshot, int column, long first, long end) {
    List<String> locations = new ArrayList<>();
    for (Listing listing : listings(table, snapshot)) {
      listing.addBetween(column, first, end, locations);
    }
    return List.copyOf(locations);
  }

  /** By field id the smallest and the largest value of each file, in pairs. */
  private record Listing(List<String> locations, Map<Integer, long[]> bounds) {

    void addBetween(int column, long first, long end, List<String> found) {
      long[] pairs = bounds.get(column);
      for (int i = 0; i < locations.size(); i++) {
        if (pairs == null || (pairs[2 * i] < end && pairs[2 * i + 1] >= first)) {
          found.add(locations.get(i));
        }
      }
    }
  }

  private List<Listing> listings(TableMetadata table, Snapshot snapshot) {
    List<Listing> listings = new ArrayList<>();
    try {
      for (ManifestFile manifest : snapshot.dataManifests(io)) {
        Optional<Listing> remembered = recall(manifest);
        if (remembered.isPresent()) {
          listings.add(remembered.get());
        } else {
          Listing listing = read(table, manifest);
          remember(manifest, listing);
          listings.add(listing);
        }
      }
      return listings;
    } catch (NotFoundException e) {
      throw MillraceException.world(
          "Cannot read the lake: the snapshot has expired since it was looked up; try again", e);
    }
  }

  private synchronized Optional<Listing> recall(ManifestFile manifest) {
    return Optional.ofNullable(known.get(manifest.path()));
  }

  private synchronized void remember(ManifestFile manifest, Listing listing) {
    if (known.put(manifest.path(), listing) == null) {
      files += listing.locations.size();
    }
    Iterator<Listing> leastRecentlyUsed = known.values().iterator();
    while (files > MAX_FILES) {
      files -= leastRecentlyUsed.next().locations.size();
      leastRecentlyUsed.remove();
    }
  }

  private Listing read(TableMetadata table, ManifestFile manifest) {
    Map<Integer, Type> times = times(table);
    List<String> locations = new ArrayList<>();
    List<Map<Integer, Bounds>> bounds = new ArrayList<>();
    try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, table.specsById())) {
      for (DataFile file : reader) {
        locations.add(io.path(file.location()));
        Map<Integer, Bounds> ofFile = new HashMap<>();
        times.forEach(
            (column, type) ->
                Bounds.of(file, column, type).ifPresent(it -> ofFile.put(column, it)));
        bounds.add(ofFile);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + manifest.path(), e);
    }
    return new Listing(List.copyOf(locations), pairs(bounds));
  }

  private static Map<Integer, long[]> pairs(List<Map<Integer, Bounds>> bounds) {
    Map<Integer, long[]> pairs = new HashMap<>();
    for (int i = 0; i < bounds.size(); i++) {
      for (Map.Entry<Integer, Bounds> column : bounds.get(i).entrySet()) {
        long[] values = pairs.computeIfAbsent(column.getKey(), key -> unbounded(bounds.size()));
        values[2 * i] = column.getValue().smallest;
        values[2 * i + 1] = column.getValue().largest;
      }
    }
    return Map.copyOf(pairs);
  }

  private static long[] unbounded(int files) {
    long[] pairs = new long[2 * files];
    for (int i = 0; i < files; i++) {
      pairs[2 * i] = Long.MIN_VALUE;
      pairs[2 * i + 1] = Long.MAX_VALUE;
    }
    return pairs;
  }

  /** The columns of spans, those of earlier schemas included. */
  private static Map<Integer, Type> times(TableMetadata table) {
    Map<Integer, Type> times = new HashMap<>();
    for (Schema schema : table.schemas()) {
      for (Types.NestedField column : schema.columns()) {
        if (Span.isTime(column.type())) {
          times.put(column.fieldId(), column.type());
        }
      }
    }
    return times;
  }

  private record Bounds(long smallest, long largest) {

    private static final Bounds ALL_NULL = new Bounds(Long.MAX_VALUE, Long.MIN_VALUE);

    static Optional<Bounds> of(DataFile file, int column, Type type) {
      if (file.nullValueCounts() != null
          && file.nullValueCounts().getOrDefault(column, -1L) == file.recordCount()) {
        return Optional.of(ALL_NULL);
      }
      Optional<Long> smallest = value(file.lowerBounds(), column, type);
      Optional<Long> largest = value(file.upperBounds(), column, type);
      return smallest.isPresent() && largest.isPresent()
          ? Optional.of(new Bounds(smallest.get(), largest.get()))
          : Optional.empty();
    }

    private static Optional<Long> value(Map<Integer, ByteBuffer> bounds, int column, Type type) {
      return Optional.ofNullable(bounds)
          .map(it -> it.get(column))
          .map(it -> ((Number) Conversions.fromByteBuffer(type, it)).longValue());
    }
  }
}
