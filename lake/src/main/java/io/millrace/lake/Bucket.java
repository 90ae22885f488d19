package io.millrace.lake;

import io.millrace.core.MillraceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.aws.s3.S3FileIO;

/**
 * A place behind an S3 API. Region and credentials are found as AWS's tools find them.
 *
 * @param location {@code s3://bucket/prefix}
 * @param endpoint of the S3 API, {@code http://host:port}; empty for that of AWS
 */
public record Bucket(String location, String endpoint) {

  /**
   * The locations of all objects below.
   *
   * @throws MillraceException if they cannot be listed
   */
  public List<String> objects() {
    List<String> objects = new ArrayList<>();
    withClient("list", it -> it.listPrefix(below()).forEach(file -> objects.add(file.location())));
    return objects;
  }

  /**
   * Deletes all objects below.
   *
   * @throws MillraceException if they cannot be deleted
   */
  public void empty() {
    withClient("empty", it -> it.deletePrefix(below()));
  }

  private String below() {
    return location + "/";
  }

  private void withClient(String verb, Consumer<S3FileIO> work) {
    try (S3FileIO client = client(endpoint, Map.of())) {
      work.accept(client);
    } catch (RuntimeException e) {
      throw MillraceException.world(
          "Cannot %s %s: %s; see whether its bucket exists, and whether region and credentials are in the environment"
              .formatted(verb, location, e.getMessage()),
          e);
    }
  }

  /**
   * A client of the S3 API; to be closed.
   *
   * @param more properties of Iceberg's
   */
  static S3FileIO client(String endpoint, Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(more);
    properties.put("http-client.type", "urlconnection");
    if (!endpoint.isEmpty()) {
      properties.put("s3.endpoint", endpoint);
      // Buckets are names of hosts at AWS alone.
      properties.put("s3.path-style-access", "true");
    }
    S3FileIO client = new S3FileIO();
    client.initialize(properties);
    return client;
  }
}
