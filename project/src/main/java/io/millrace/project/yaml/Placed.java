package io.millrace.project.yaml;

/** A value and the line it stands on. */
public record Placed<T>(T value, int line) {}
