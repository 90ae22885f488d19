/** Whether data is fit to go on, and the gate that holds it back. */
package io.millrace.quality;
