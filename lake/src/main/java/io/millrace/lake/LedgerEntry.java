package io.millrace.lake;

import io.millrace.core.TableName;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What one commit of a stream accounts for: every offset it read, and where each went. Entries of a
 * stream are numbered without gaps and each is sealed over the one before, so that one taken out or
 * altered later shows. What an entry says is never changed; another, later one may correct it.
 *
 * @param sequence 1, 2, 3 ...
 * @param checkpoint the stream job's checkpoint that made it; 0 for a correction and for a load
 * @param sealedAtMicros when it was written, microseconds since 1970
 * @param ranges the offsets read, one range for each topic partition that had any
 * @param parts the rows written, one part for each table that got any
 * @param corrects the commits whose rows these take the place of, if it is a correction; its ranges
 *     are all that those have read
 * @param files that were loaded, each with the range of its {@link LoadedFile#partition}
 * @param seal SHA-256 over the previous seal and this entry's text, in hex
 */
public record LedgerEntry(
    String stream,
    long sequence,
    long checkpoint,
    long sealedAtMicros,
    List<Range> ranges,
    List<Part> parts,
    Optional<Corrected> corrects,
    List<LoadedFile> files,
    String seal) {

  /** The seal before the first entry. */
  public static final String NO_SEAL = "";

  private static final Comparator<Range> BY_PARTITION =
      Comparator.comparing(Range::topic).thenComparing(Range::partition);

  public LedgerEntry {
    // The seal is over their text, so they stand in one order however they came.
    ranges = ranges.stream().sorted(BY_PARTITION).toList();
    parts = parts.stream().sorted(Comparator.comparing(Part::table)).toList();
    files = files.stream().sorted(Comparator.comparing(LoadedFile::number)).toList();
  }

  /**
   * Offsets {@code [from, to)} of a topic partition and what became of them; they add up.
   *
   * @param absent offsets that held no record when they were read: transaction markers, or records
   *     that had expired
   */
  public record Range(
      String topic,
      int partition,
      long from,
      long to,
      long accepted,
      long rejected,
      long repeated,
      long late,
      long absent)
      implements Serializable {

    /** Whether every offset has one outcome. */
    public boolean balances() {
      return to - from == accepted + rejected + repeated + late + absent;
    }
  }

  /**
   * Rows that one table got.
   *
   * @param fingerprint see {@link Fingerprint}
   * @param snapshot the Iceberg snapshot that added them
   */
  public record Part(TableName table, long rows, long fingerprint, long snapshot)
      implements Serializable {}

  /**
   * Commits that follow each other, by their sequences, both included. Corrections and loads among
   * them do not count.
   */
  public record Corrected(long first, long last) implements Serializable {

    public boolean contains(long sequence) {
      return first <= sequence && sequence <= last;
    }

    public boolean contains(Corrected other) {
      return first <= other.first && other.last <= last;
    }

    public boolean overlaps(Corrected other) {
      return first <= other.last && other.first <= last;
    }
  }

  /** Whether the stream read it from its topics; only then can it be corrected. */
  public boolean isFromTopics() {
    return corrects.isEmpty() && files.isEmpty();
  }

  /** The same, sealed over the entry before it. */
  LedgerEntry sealedOver(String previousSeal) {
    return new LedgerEntry(
        stream,
        sequence,
        checkpoint,
        sealedAtMicros,
        ranges,
        parts,
        corrects,
        files,
        sealOver(previousSeal));
  }

  /** The seal this entry must have if the entry before it has {@code previousSeal}. */
  public String sealOver(String previousSeal) {
    StringBuilder text = new StringBuilder(previousSeal).append('\n');
    text.append("%s %d %d %d\n".formatted(stream, sequence, checkpoint, sealedAtMicros));
    ranges.forEach(range -> text.append(range).append('\n'));
    parts.forEach(part -> text.append(part).append('\n'));
    corrects.ifPresent(commits -> text.append(commits).append('\n'));
    files.forEach(file -> text.append(file).append('\n'));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
