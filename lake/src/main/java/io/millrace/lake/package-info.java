/**
 * Iceberg tables made from contracts and models: create, evolve, append, build, read, keep small.
 *
 * <p>All processes of a project share one catalog, kept in SQLite; every change is one optimistic
 * commit, so a process that dies in the middle leaves files that nobody refers to and nothing else.
 */
package io.millrace.lake;
