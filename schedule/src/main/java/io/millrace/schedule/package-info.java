/** The ledger of intervals: which interval of which table is built next, and what came of it. */
package io.millrace.schedule;
