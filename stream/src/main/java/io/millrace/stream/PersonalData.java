package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.event.PayloadSeal;
import io.millrace.event.PersonalKey;
import io.millrace.event.Protection;
import io.millrace.event.Pseudonym;
import io.millrace.event.Pseudonyms;
import io.millrace.event.Pseudonyms.Cut;
import io.millrace.lake.Erasures.Erasure;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.project.StreamContract;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How one stream keeps from tables what tells who somebody is. */
final class PersonalData {

  private static final byte[] NOTHING = new byte[0];

  private final StreamContract contract;
  private final Pseudonyms pseudonyms;
  private final Protection protection;
  private final PayloadSeal payloads;

  /** Of a stream whose events tell who somebody is. */
  static Optional<PersonalData> of(StreamContract contract, DataDirectory data) {
    return contract.isPersonal()
        ? Optional.of(new PersonalData(contract, PersonalKey.of(data)))
        : Optional.empty();
  }

  private PersonalData(StreamContract contract, PersonalKey key) {
    this.contract = contract;
    this.pseudonyms = key.pseudonyms();
    this.protection = Protection.of(contract, pseudonyms);
    this.payloads = key.payloads();
  }

  /** From the next record on goes by these erasures. */
  void goBy(List<Erasure> erasures) {
    Map<Pseudonym, List<Cut>> people = new HashMap<>();
    for (Erasure erasure : erasures) {
      Cut cut =
          (partition, offset) ->
              erasure.isBefore(new TopicPartition(contract.topic(), partition), offset);
      for (String person : erasure.people()) {
        people.computeIfAbsent(Pseudonym.parse(person), it -> new ArrayList<>()).add(cut);
      }
    }
    pseudonyms.erased(people);
  }

  /** Of the values of events. */
  Protection protection() {
    return protection;
  }

  /** A rejected event as quarantine keeps it. */
  byte[] sealed(byte[] payload, long receivedMicros) {
    return payloads.seal(payload, receivedMicros);
  }

  /** A rejected event as it came, of what quarantine keeps. */
  byte[] opened(byte[] sealed) {
    return payloads.open(sealed);
  }

  /**
   * The sentence about a rejected event, which quotes it: only if it is about a field that tells
   * nothing of a person.
   */
  byte[] detail(byte[] field, byte[] detail) {
    return contract
            .find(new String(field, StandardCharsets.UTF_8))
            .filter(it -> !it.isPersonal())
            .isPresent()
        ? detail
        : NOTHING;
  }
}
