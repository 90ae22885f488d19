package io.millrace.schedule;

import io.millrace.core.TableName;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the scheduler asks of the machine and the process it is in.
 *
 * @param load of the machine, for each core: 1.0 means that all are busy
 * @param busy why work without haste should wait: {@code gold.sales is 3m behind}
 * @param unfit why what a table of a stream has got may not go on into models
 * @param tick how often the clock is looked at
 */
public record Surroundings(
    DoubleSupplier load,
    Supplier<Optional<String>> busy,
    Function<TableName, Optional<String>> unfit,
    Duration tick) {}
