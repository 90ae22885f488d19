package io.millrace.project;

/**
 * How the values of a field that tell who somebody is are treated on their way into tables.
 *
 * @param kept of masked values; of others nothing
 */
public record Personal(Treatment treatment, Kept kept) {

  /** What tables hold in place of a value. */
  public enum Treatment {
    /** The same for the same value, and nobody without the project's key finds the value. */
    PSEUDONYM,
    /** What is kept of it, which many people share. */
    MASK,
    /** The value. Who may see it is decided when it is read. */
    CLEAR
  }

  /** What is left of a masked value. */
  public enum Kept {
    /** Three asterisks. */
    NOTHING,
    /** Of an IP address its network: 24 bits of IPv4, 48 of IPv6; the rest is zero. */
    NETWORK,
    /** Of an email address what follows the last {@code @}. */
    DOMAIN,
    /** The last four characters, if there are more than eight. */
    LAST_4
  }
}
