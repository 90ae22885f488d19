package io.millrace.project;

import java.nio.file.Path;
import java.util.SortedMap;

/** A project directory, read and found free of mistakes. */
public record Project(
    String name,
    Path directory,
    Settings settings,
    SortedMap<String, StreamContract> streams,
    SortedMap<io.millrace.core.TableName, Model> models) {}
