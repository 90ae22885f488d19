-- Files of clicks as Parquet, each id once.
COPY (
  SELECT ${distinct} *
  FROM read_json(
    '${files}',
    format = 'newline_delimited',
    ignore_errors = true,
    columns = {
      event_id: 'UUID',
      event_type: 'VARCHAR',
      event_time: 'TIMESTAMPTZ',
      visitor_id: 'VARCHAR',
      user_id: 'VARCHAR',
      session_id: 'VARCHAR',
      ip: 'VARCHAR',
      user_agent: 'VARCHAR',
      device: 'VARCHAR',
      country: 'VARCHAR',
      language: 'VARCHAR',
      page_url: 'VARCHAR',
      referrer: 'VARCHAR',
      load_ms: 'INTEGER',
      consent: 'BOOLEAN',
      query: 'VARCHAR',
      results: 'INTEGER',
      item: 'STRUCT(product_id VARCHAR, category VARCHAR, price DECIMAL(12, 2), quantity INTEGER)',
      order_id: 'VARCHAR'
    }
  )
  WHERE event_id IS NOT NULL
    AND event_type IN ('page_view', 'search', 'product_view', 'add_to_cart', 'checkout', 'purchase')
    AND event_time IS NOT NULL AND visitor_id IS NOT NULL AND session_id IS NOT NULL AND ip IS NOT NULL
    AND user_agent IS NOT NULL AND device IN ('desktop', 'mobile', 'tablet') AND country IS NOT NULL
    AND page_url IS NOT NULL AND consent IS NOT NULL
)
TO '${rows}' (FORMAT parquet, COMPRESSION zstd, FILE_SIZE_BYTES 134217728, FILENAME_PATTERN '{uuid}')
