/** The warehouse: builds models on branches, tests them there, and releases what passed. */
package io.millrace.models;
