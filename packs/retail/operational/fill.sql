-- What the simulated shop did, as the rows it would have written. Reads inbox.events, all of it each time: what is
-- there already stays as it is or becomes what is known now, and an order whose lines are still to come waits.
-- To be run in one transaction.

SET LOCAL search_path TO shop;

INSERT INTO users (user_id, email, created_at)
SELECT body ->> 'user_id', (body ->> 'user_id') || '@post.example', min((body ->> 'event_time')::timestamptz)
FROM inbox.events
WHERE stream IN ('clicks', 'orders') AND body ->> 'user_id' IS NOT NULL
GROUP BY body ->> 'user_id'
ON CONFLICT (user_id) DO UPDATE SET created_at = least(users.created_at, excluded.created_at);

-- The simulator knows people's countries alone.
INSERT INTO addresses (user_id, street, city, country)
SELECT DISTINCT
  body ->> 'user_id',
  substr(body ->> 'user_id', 3)::integer % 200 + 1 || ' Mill Lane',
  'Millbrook',
  body ->> 'country'
FROM inbox.events
WHERE stream = 'orders'
ON CONFLICT DO NOTHING;

INSERT INTO categories (name)
SELECT DISTINCT coalesce(body -> 'item' ->> 'category', body ->> 'category') AS name
FROM inbox.events
WHERE stream = 'order_items' OR body -> 'item' IS NOT NULL
ORDER BY name
ON CONFLICT DO NOTHING;

-- A page of a product has its name in its address: /garden/P00017-mint-oak-trellis.
INSERT INTO products (product_id, category_id, name, price)
SELECT DISTINCT ON (seen.product_id) seen.product_id, categories.category_id, seen.name, seen.price
FROM (
  SELECT
    body -> 'item' ->> 'product_id' AS product_id,
    body -> 'item' ->> 'category' AS category,
    initcap(replace(substring(body ->> 'page_url' FROM '/P[0-9]{5}-(.+)$'), '-', ' ')) AS name,
    (body -> 'item' ->> 'price')::numeric AS price,
    (body ->> 'event_time')::timestamptz AS seen_at
  FROM inbox.events
  WHERE stream = 'clicks' AND body ->> 'event_type' = 'product_view'
  UNION ALL
  SELECT
    body ->> 'product_id',
    body ->> 'category',
    body ->> 'product_name',
    (body ->> 'unit_price')::numeric,
    (body ->> 'event_time')::timestamptz
  FROM inbox.events
  WHERE stream = 'order_items'
) AS seen
JOIN categories ON categories.name = seen.category
ORDER BY seen.product_id, seen.seen_at DESC
ON CONFLICT (product_id) DO UPDATE SET
  category_id = excluded.category_id, name = excluded.name, price = excluded.price;

INSERT INTO carts (cart_id, user_id, opened_at)
SELECT
  body ->> 'session_id',
  max(body ->> 'user_id'),
  min((body ->> 'event_time')::timestamptz) FILTER (WHERE body ->> 'event_type' = 'add_to_cart')
FROM inbox.events
WHERE stream = 'clicks'
GROUP BY body ->> 'session_id'
HAVING count(*) FILTER (WHERE body ->> 'event_type' = 'add_to_cart') > 0
ON CONFLICT (cart_id) DO UPDATE SET user_id = excluded.user_id, opened_at = excluded.opened_at;

INSERT INTO cart_items (cart_id, product_id, quantity)
SELECT body ->> 'session_id', body -> 'item' ->> 'product_id', sum((body -> 'item' ->> 'quantity')::integer)
FROM inbox.events
WHERE stream = 'clicks' AND body ->> 'event_type' = 'add_to_cart'
GROUP BY body ->> 'session_id', body -> 'item' ->> 'product_id'
ON CONFLICT (cart_id, product_id) DO UPDATE SET quantity = excluded.quantity;

INSERT INTO orders (order_id, user_id, address_id, cart_id, placed_at, currency, total)
SELECT
  body ->> 'order_id',
  addresses.user_id,
  addresses.address_id,
  body ->> 'session_id',
  (body ->> 'event_time')::timestamptz,
  body ->> 'currency',
  (body ->> 'total')::numeric
FROM inbox.events AS placed
JOIN addresses ON addresses.user_id = body ->> 'user_id' AND addresses.country = body ->> 'country'
JOIN (
  SELECT body ->> 'order_id' AS order_id, count(*) AS arrived
  FROM inbox.events
  WHERE stream = 'order_items'
  GROUP BY body ->> 'order_id'
) AS lines ON lines.order_id = placed.body ->> 'order_id'
WHERE stream = 'orders' AND lines.arrived = (body ->> 'item_count')::integer
ON CONFLICT DO NOTHING;

INSERT INTO order_items (order_id, line, product_id, quantity, unit_price)
SELECT
  orders.order_id,
  (body ->> 'line')::integer,
  body ->> 'product_id',
  (body ->> 'quantity')::integer,
  (body ->> 'unit_price')::numeric
FROM inbox.events
JOIN orders ON orders.order_id = body ->> 'order_id'
WHERE stream = 'order_items'
ON CONFLICT DO NOTHING;

INSERT INTO payments (order_id, method, paid_at, amount)
SELECT orders.order_id, body ->> 'payment', orders.placed_at, orders.total
FROM inbox.events
JOIN orders ON orders.order_id = body ->> 'order_id'
WHERE stream = 'orders'
ON CONFLICT DO NOTHING;

INSERT INTO returns (return_id, order_id, line, received_at, quantity, reason)
SELECT
  body ->> 'return_id',
  orders.order_id,
  (body ->> 'line')::integer,
  (body ->> 'event_time')::timestamptz,
  (body ->> 'quantity')::integer,
  body ->> 'return_reason'
FROM inbox.events
JOIN orders ON orders.order_id = body ->> 'order_id'
WHERE stream = 'returns'
ON CONFLICT DO NOTHING;

INSERT INTO payments (order_id, return_id, method, paid_at, amount)
SELECT returns.order_id, returns.return_id, charges.method, returns.received_at, -(body ->> 'refund')::numeric
FROM inbox.events
JOIN returns ON returns.return_id = body ->> 'return_id'
JOIN payments AS charges ON charges.order_id = returns.order_id AND charges.return_id IS NULL
WHERE stream = 'returns'
ON CONFLICT DO NOTHING;

-- The simulator says nothing of parcels. They leave within a day and arrive within three more, as the digits of the
-- order have it, or before they came back; what is after the last event is not known yet.
INSERT INTO shipments (order_id, packed_at, shipped_at, delivered_at)
SELECT
  order_id,
  placed_at,
  CASE WHEN left_at <= known_at THEN left_at END,
  CASE WHEN arrived_at <= known_at THEN arrived_at END
FROM orders
CROSS JOIN (SELECT max((body ->> 'event_time')::timestamptz) AS known_at FROM inbox.events) AS clock
LEFT JOIN LATERAL (
  SELECT min(received_at) AS returned_at FROM returns WHERE returns.order_id = orders.order_id
) AS back ON true
CROSS JOIN LATERAL (SELECT ('x' || right(order_id, 4))::bit(16)::integer AS chance) AS dice
CROSS JOIN LATERAL (
  SELECT
    least(placed_at + interval '1 minute' * (60 + chance % 1380), returned_at) AS left_at,
    least(placed_at + interval '1 minute' * (1440 + chance % 4320), returned_at) AS arrived_at
) AS parcel
ON CONFLICT (order_id) DO UPDATE SET
  shipped_at = coalesce(shipments.shipped_at, excluded.shipped_at),
  delivered_at = coalesce(shipments.delivered_at, excluded.delivered_at);
