/** Starts the processes of a project, watches them, and stops them. */
package io.millrace.boot.processes;
