package io.millrace.project.yaml;

/**
 * Something that is wrong in a file.
 *
 * @param line counted from 1; 0 if it is the file as a whole
 * @param what what is wrong, with the value quoted
 * @param remedy what to do about it
 */
public record Flaw(int line, String what, String remedy) {}
