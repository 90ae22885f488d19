package io.millrace.serve;

import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.Meters;
import io.millrace.core.TableName;
import io.millrace.lake.PinnedTable;
import io.millrace.project.Project;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * What the API shows, handed in by the process that owns it.
 *
 * @param meters of the process the API runs in, which is the collector's too
 * @param tables all tables at one instant, as {@code Lake.pin()} gives them
 */
public record Parts(
    Project project,
    DataDirectory data,
    Endpoints endpoints,
    Meters meters,
    Supplier<SortedMap<TableName, PinnedTable>> tables,
    Sql sql,
    Balances balances) {}
