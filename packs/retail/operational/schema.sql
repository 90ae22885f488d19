-- The operational database of the shop: what it has to know to sell, each fact in one place (third normal form).
-- For PostgreSQL 14 and later. Money is in pounds sterling. What state an order is in is no column: it follows from
-- its payments, shipments and returns.

CREATE SCHEMA shop;
SET search_path TO shop;

CREATE TABLE users (
  user_id text PRIMARY KEY CHECK (user_id ~ '^u-[0-9]{7}$'),
  email text NOT NULL UNIQUE CHECK (email ~ '^[^@ ]+@[^@ ]+$'),
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE users IS 'People with an account. One row for each.';
COMMENT ON COLUMN users.user_id IS 'As the streams call the person, before they give a pseudonym';
COMMENT ON COLUMN users.email IS 'Personal: where the shop writes to';
COMMENT ON COLUMN users.created_at IS 'When they signed in first';

CREATE TABLE addresses (
  address_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text NOT NULL REFERENCES users,
  street text NOT NULL,
  city text NOT NULL,
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  UNIQUE (user_id, street, city, country),
  -- What an order refers to, so that nobody's goods go to somebody else's address.
  UNIQUE (user_id, address_id)
);
COMMENT ON TABLE addresses IS 'Where people want their goods. One row for each address of a person.';
COMMENT ON COLUMN addresses.address_id IS 'Counted by the database';
COMMENT ON COLUMN addresses.user_id IS 'Whose address it is';
COMMENT ON COLUMN addresses.street IS 'Personal: the house and its street';
COMMENT ON COLUMN addresses.city IS 'Personal: the place';
COMMENT ON COLUMN addresses.country IS 'Two letters, ISO 3166-1';

CREATE TABLE categories (
  category_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE
);
COMMENT ON TABLE categories IS 'What kinds of products there are. One row for each.';
COMMENT ON COLUMN categories.category_id IS 'Counted by the database';
COMMENT ON COLUMN categories.name IS 'As visitors read it';

CREATE TABLE products (
  product_id text PRIMARY KEY CHECK (product_id ~ '^P[0-9]{5}$'),
  category_id integer NOT NULL REFERENCES categories,
  name text NOT NULL,
  price numeric(12, 2) NOT NULL CHECK (price >= 0)
);
COMMENT ON TABLE products IS 'What the shop sells. One row for each product.';
COMMENT ON COLUMN products.product_id IS 'As it is on the label';
COMMENT ON COLUMN products.category_id IS 'The one kind it is of';
COMMENT ON COLUMN products.name IS 'As visitors read it';
COMMENT ON COLUMN products.price IS 'What one costs now; what it cost then is with the line of the order';
CREATE INDEX products_category ON products (category_id);

CREATE TABLE carts (
  cart_id text PRIMARY KEY,
  user_id text REFERENCES users,
  opened_at timestamptz NOT NULL
);
COMMENT ON TABLE carts IS 'What visitors think of buying. One row for each visit that put something into a cart.';
COMMENT ON COLUMN carts.cart_id IS 'The session of the visit';
COMMENT ON COLUMN carts.user_id IS 'Who it is; empty until they sign in';
COMMENT ON COLUMN carts.opened_at IS 'When the first product was put into it';
CREATE INDEX carts_user ON carts (user_id);

CREATE TABLE cart_items (
  cart_id text NOT NULL REFERENCES carts ON DELETE CASCADE,
  product_id text NOT NULL REFERENCES products,
  quantity integer NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (cart_id, product_id)
);
COMMENT ON TABLE cart_items IS 'What is in the carts. One row for each product of a cart.';
COMMENT ON COLUMN cart_items.cart_id IS 'The cart; its items go with it';
COMMENT ON COLUMN cart_items.product_id IS 'What is in it';
COMMENT ON COLUMN cart_items.quantity IS 'How many';
CREATE INDEX cart_items_product ON cart_items (product_id);

CREATE TABLE orders (
  order_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users,
  address_id bigint NOT NULL,
  cart_id text NOT NULL UNIQUE REFERENCES carts,
  placed_at timestamptz NOT NULL,
  currency text NOT NULL CHECK (currency = 'GBP'),
  total numeric(12, 2) NOT NULL CHECK (total >= 0),
  FOREIGN KEY (user_id, address_id) REFERENCES addresses (user_id, address_id)
);
COMMENT ON TABLE orders IS 'What was ordered. One row for each order.';
COMMENT ON COLUMN orders.order_id IS 'As the customer knows it';
COMMENT ON COLUMN orders.user_id IS 'Who ordered';
COMMENT ON COLUMN orders.address_id IS 'Where it is sent: an address of the same person';
COMMENT ON COLUMN orders.cart_id IS 'The cart it was; a cart is ordered once';
COMMENT ON COLUMN orders.placed_at IS 'When it was placed';
COMMENT ON COLUMN orders.currency IS 'ISO 4217; the shop takes one';
COMMENT ON COLUMN orders.total IS 'The sum of its items, which is checked when a transaction ends';
CREATE INDEX orders_user_address ON orders (user_id, address_id);
CREATE INDEX orders_placed ON orders (placed_at);

CREATE TABLE order_items (
  order_id text NOT NULL REFERENCES orders,
  line integer NOT NULL CHECK (line > 0),
  product_id text NOT NULL REFERENCES products,
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_price numeric(12, 2) NOT NULL CHECK (unit_price >= 0),
  amount numeric(12, 2) NOT NULL GENERATED ALWAYS AS (quantity * unit_price) STORED,
  PRIMARY KEY (order_id, line),
  UNIQUE (order_id, product_id)
);
COMMENT ON TABLE order_items IS 'The lines of orders. One row for each product of an order.';
COMMENT ON COLUMN order_items.order_id IS 'The order';
COMMENT ON COLUMN order_items.line IS 'Counts from 1 within the order';
COMMENT ON COLUMN order_items.product_id IS 'What was ordered';
COMMENT ON COLUMN order_items.quantity IS 'How many';
COMMENT ON COLUMN order_items.unit_price IS 'What one cost when it was ordered';
COMMENT ON COLUMN order_items.amount IS 'quantity times unit_price, reckoned by the database';
CREATE INDEX order_items_product ON order_items (product_id);

CREATE TABLE shipments (
  shipment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id text NOT NULL UNIQUE REFERENCES orders,
  packed_at timestamptz NOT NULL,
  shipped_at timestamptz CHECK (shipped_at >= packed_at),
  delivered_at timestamptz CHECK (delivered_at >= shipped_at),
  CHECK (delivered_at IS NULL OR shipped_at IS NOT NULL)
);
COMMENT ON TABLE shipments IS 'Parcels on their way. One row for each order, which goes out whole.';
COMMENT ON COLUMN shipments.shipment_id IS 'Counted by the database';
COMMENT ON COLUMN shipments.order_id IS 'What is in the parcel';
COMMENT ON COLUMN shipments.packed_at IS 'When it was packed';
COMMENT ON COLUMN shipments.shipped_at IS 'When it left; empty until it does';
COMMENT ON COLUMN shipments.delivered_at IS 'When it arrived; empty until it does';
-- What is still to be done is asked all day, and is little of the table.
CREATE INDEX shipments_open ON shipments (packed_at) WHERE delivered_at IS NULL;

CREATE TABLE returns (
  return_id text PRIMARY KEY,
  order_id text NOT NULL,
  line integer NOT NULL,
  received_at timestamptz NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  reason text NOT NULL CHECK (reason IN ('damaged', 'wrong_item', 'not_as_described', 'changed_mind')),
  FOREIGN KEY (order_id, line) REFERENCES order_items
);
COMMENT ON TABLE returns IS 'What came back. One row for each parcel with pieces of one line of an order.';
COMMENT ON COLUMN returns.return_id IS 'As it is on the label of the parcel';
COMMENT ON COLUMN returns.order_id IS 'The order that it was part of';
COMMENT ON COLUMN returns.line IS 'The line of that order';
COMMENT ON COLUMN returns.received_at IS 'When it arrived';
COMMENT ON COLUMN returns.quantity IS 'How many came back; never more than were ordered';
COMMENT ON COLUMN returns.reason IS 'What the customer says is wrong';
CREATE INDEX returns_line ON returns (order_id, line);
CREATE INDEX returns_received ON returns (received_at);

CREATE TABLE payments (
  payment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id text NOT NULL REFERENCES orders,
  return_id text UNIQUE REFERENCES returns,
  method text NOT NULL CHECK (method IN ('card', 'wallet', 'bank_transfer', 'invoice')),
  paid_at timestamptz NOT NULL,
  amount numeric(12, 2) NOT NULL CHECK (CASE WHEN return_id IS NULL THEN amount >= 0 ELSE amount <= 0 END)
);
COMMENT ON TABLE payments IS 'Money that moved. One row for each order when it is placed, and one for each return.';
COMMENT ON COLUMN payments.payment_id IS 'Counted by the database';
COMMENT ON COLUMN payments.order_id IS 'What was paid for';
COMMENT ON COLUMN payments.return_id IS 'What money was given back for; empty where it came in';
COMMENT ON COLUMN payments.method IS 'How; money goes back the way it came';
COMMENT ON COLUMN payments.paid_at IS 'When';
COMMENT ON COLUMN payments.amount IS 'What came in; below zero where it was given back';
CREATE UNIQUE INDEX payments_charge ON payments (order_id) WHERE return_id IS NULL;
CREATE INDEX payments_order ON payments (order_id);
CREATE INDEX payments_paid ON payments (paid_at);

-- What no constraint of one row can say. It is asked when a transaction ends, because an order is begun before its
-- lines are there.
CREATE FUNCTION order_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  it text := CASE WHEN TG_OP = 'DELETE' THEN OLD.order_id ELSE NEW.order_id END;
  total numeric := (SELECT o.total FROM shop.orders o WHERE o.order_id = it);
  items numeric := (SELECT coalesce(sum(i.amount), 0) FROM shop.order_items i WHERE i.order_id = it);
  charged numeric := (SELECT p.amount FROM shop.payments p WHERE p.order_id = it AND p.return_id IS NULL);
BEGIN
  IF total <> items THEN
    RAISE EXCEPTION 'order % has total % and items of %', it, total, items USING ERRCODE = 'check_violation';
  ELSIF total <> charged THEN
    RAISE EXCEPTION 'order % has total % and a charge of %', it, total, charged USING ERRCODE = 'check_violation';
  ELSIF EXISTS (
    SELECT FROM shop.returns r JOIN shop.order_items i USING (order_id, line)
    WHERE order_id = it
    GROUP BY line, i.quantity
    HAVING sum(r.quantity) > i.quantity
  ) THEN
    RAISE EXCEPTION 'order % has more returned than was ordered', it USING ERRCODE = 'check_violation';
  ELSIF EXISTS (
    SELECT FROM shop.payments p JOIN shop.returns r USING (return_id) JOIN shop.order_items i USING (line)
    WHERE p.order_id = it AND i.order_id = it AND (r.order_id <> it OR -p.amount <> r.quantity * i.unit_price)
  ) THEN
    RAISE EXCEPTION 'order % has a refund that is not what was returned', it USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER order_adds_up AFTER INSERT OR UPDATE ON orders
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION order_adds_up();
CREATE CONSTRAINT TRIGGER order_adds_up AFTER INSERT OR UPDATE OR DELETE ON order_items
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION order_adds_up();
CREATE CONSTRAINT TRIGGER order_adds_up AFTER INSERT OR UPDATE OR DELETE ON returns
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION order_adds_up();
CREATE CONSTRAINT TRIGGER order_adds_up AFTER INSERT OR UPDATE OR DELETE ON payments
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION order_adds_up();
