package io.millrace.schedule;

/** How many builds run at once. Work without haste waits while any other waits. */
final class Slots {

  private int free;
  private int hasty;

  Slots(int slots) {
    free = slots;
  }

  /** Waits for a slot; give it back. */
  synchronized void take(boolean haste) throws InterruptedException {
    hasty += haste ? 1 : 0;
    try {
      while (free == 0 || (!haste && hasty > 0)) {
        wait();
      }
      free--;
    } finally {
      hasty -= haste ? 1 : 0;
      notifyAll();
    }
  }

  synchronized void giveBack() {
    free++;
    notifyAll();
  }
}
