/** Iceberg tables made from contracts: create, evolve, append, read, keep small. */
package io.millrace.lake;
