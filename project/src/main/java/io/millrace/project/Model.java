package io.millrace.project;

import io.millrace.core.TableName;
import java.nio.file.Path;

/**
 * A table or view written as SQL: {@code models/<layer>/<name>.sql}.
 *
 * @param file relative to the project directory
 * @param sql the text of the file
 * @param description the comment at its top, without the dashes
 */
public record Model(TableName name, Path file, String sql, String description) {}
