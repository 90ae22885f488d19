package io.millrace.stream;

import java.nio.file.Path;

/**
 * A file that is to be loaded.
 *
 * @param location as the ledger is to have it
 * @param bytes as it is on disk
 */
record LoadFile(Path path, String location, long bytes) {}
