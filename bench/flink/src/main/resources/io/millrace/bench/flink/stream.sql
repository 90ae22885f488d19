CREATE TABLE clicks (
  event_id STRING,
  event_type STRING,
  event_time TIMESTAMP_LTZ(6),
  visitor_id STRING,
  user_id STRING,
  session_id STRING,
  ip STRING,
  user_agent STRING,
  device STRING,
  country STRING,
  `language` STRING,
  page_url STRING,
  referrer STRING,
  load_ms INT,
  consent BOOLEAN,
  query STRING,
  results INT,
  item ROW<product_id STRING, category STRING, price DECIMAL(12, 2), quantity INT>,
  order_id STRING,
  arrived AS PROCTIME()
) WITH (
  'connector' = 'kafka',
  'topic' = 'clicks',
  'properties.bootstrap.servers' = '${kafka}',
  'properties.group.id' = 'flink-sql',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601',
  'json.ignore-parse-errors' = 'true'
);

CREATE CATALOG lake WITH ('type' = 'iceberg', 'catalog-type' = 'hadoop', 'warehouse' = '${warehouse}');

INSERT INTO lake.bronze.clicks
SELECT
  event_id, event_type, event_time, visitor_id, user_id, session_id, ip, user_agent, device, country, `language`,
  page_url, referrer, load_ms, consent, query, results, item, order_id
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY arrived) AS seen
  FROM clicks
  WHERE event_id IS NOT NULL AND event_type IS NOT NULL AND event_time IS NOT NULL AND visitor_id IS NOT NULL
    AND session_id IS NOT NULL AND ip IS NOT NULL AND user_agent IS NOT NULL AND device IS NOT NULL
    AND country IS NOT NULL AND page_url IS NOT NULL AND consent IS NOT NULL
)
WHERE seen = 1;
