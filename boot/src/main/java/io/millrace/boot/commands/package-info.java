/** What each word after {@code millrace} does. */
package io.millrace.boot.commands;
