/** HTTP on the loopback interface: the API and the console. */
package io.millrace.serve;
