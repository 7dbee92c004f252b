-- Up Migration
-- Finds events by when they arrived, for tails. Pages that were filled since the last vacuum are in no summary and always read, so whoever
-- tails summarises them every few seconds (db/src/queries/summarise-arrivals.ts).
CREATE INDEX event_received_at ON event USING brin (received_at) WITH (pages_per_range = 16);
