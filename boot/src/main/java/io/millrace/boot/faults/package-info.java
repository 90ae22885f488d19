/** Runs a project on a scratch directory and breaks it by plan, while a producer keeps books. */
package io.millrace.boot.faults;
