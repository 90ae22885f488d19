/** The balance of every stream: what came in is what came out, and where it is not, which. */
package io.millrace.prove;
