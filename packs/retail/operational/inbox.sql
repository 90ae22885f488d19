-- Where the events of the simulated shop wait for fill.sql. An event that is sent again is there once:
-- INSERT INTO inbox.events ... ON CONFLICT DO NOTHING

CREATE SCHEMA inbox;

CREATE UNLOGGED TABLE inbox.events (
  stream text NOT NULL,
  body jsonb NOT NULL
);
CREATE UNIQUE INDEX events_id ON inbox.events ((body ->> 'event_id'));
