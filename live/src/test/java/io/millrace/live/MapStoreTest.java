package io.millrace.live;

class MapStoreTest extends LiveStoreContract {

  private final LiveStore store = new MapStore();

  @Override
  LiveStore open() {
    return store;
  }
}
