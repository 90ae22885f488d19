package io.millrace.project.yaml;

/** A value under a key that the writer of the file chose, and the key's line. */
public record Named<T>(String name, int line, T value) {}
