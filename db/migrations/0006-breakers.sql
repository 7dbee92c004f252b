-- Up Migration
-- What calls and breakers add up to. All of it is written by the flush that stores their events, so a duplicate is never counted.

-- A breaker is kept by one process (caller) for one target. Its last known state; `turned_at` is null where it only was used so far.
CREATE TABLE breaker (
  project_id     integer NOT NULL REFERENCES project,
  breaker_id     uuid NOT NULL,                  -- from caller and target: collector/src/breakers/breaker-id.ts
  node_id        integer NOT NULL,               -- the caller's
  target_node    uuid,
  target_service text,
  target_address text,
  state          smallint NOT NULL,              -- db/src/codes.ts
  turned_at      timestamptz,                    -- the caller's clock
  failures       integer NOT NULL,
  reason         text NOT NULL,
  retest_at      timestamptz,
  session_id     uuid,                           -- the event that told; span 0: one of the process itself
  span           bigint,
  number         integer,
  producer       uuid,                           -- and its place, which decides what is later
  epoch          integer,
  seq            bigint,
  first_seen_at  timestamptz NOT NULL,
  PRIMARY KEY (project_id, breaker_id)
);
CREATE INDEX breaker_node ON breaker (node_id);

CREATE TABLE breaker_change (
  received_at    timestamptz NOT NULL,
  time           timestamptz NOT NULL,           -- the caller's clock
  session_id     uuid NOT NULL,
  breaker_id     uuid NOT NULL,
  span           bigint NOT NULL,
  flush_id       bigint NOT NULL,
  retest_at      timestamptz,
  project_id     integer NOT NULL,
  node_id        integer NOT NULL,
  failures       integer NOT NULL,
  number         integer,
  from_state     smallint NOT NULL,
  to_state       smallint NOT NULL,
  reason         text NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX breaker_change_breaker ON breaker_change (breaker_id, time);
CREATE INDEX breaker_change_session ON breaker_change (session_id);
CREATE INDEX breaker_change_time ON breaker_change (project_id, time);

-- Returns with error, timeout or cut. One whose call came after it stands twice: without what the call said, and with it.
CREATE TABLE call_failure (
  received_at    timestamptz NOT NULL,
  time           timestamptz NOT NULL,           -- of the return
  session_id     uuid NOT NULL,
  breaker_id     uuid,                           -- of caller and target, whether or not the caller keeps a breaker; null where no target is known
  span           bigint NOT NULL,
  flush_id       bigint NOT NULL,
  project_id     integer NOT NULL,
  node_id        integer NOT NULL,
  number         integer,                        -- of the return
  duration_ms    real,
  status         smallint NOT NULL,              -- db/src/codes.ts
  name           text NOT NULL,
  reason         text NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX call_failure_breaker ON call_failure (breaker_id, time);
CREATE INDEX call_failure_session ON call_failure (session_id);

-- Calls as a flush counts them, until they are moved into call_count, seconds later: a reader adds both.
CREATE TABLE call_fresh (
  received_at    timestamptz NOT NULL,
  minute         timestamptz NOT NULL,           -- of the call, or of a return that no call is known to
  callee_node    uuid,
  duration_ms    double precision NOT NULL,      -- sum
  project_id     integer NOT NULL,
  node_id        integer NOT NULL,               -- the caller's
  calls          integer NOT NULL,
  ended          integer NOT NULL,               -- of these; the next three are among them
  errors         integer NOT NULL,
  timeouts       integer NOT NULL,
  cuts           integer NOT NULL,
  unpaired       integer NOT NULL,               -- returns whose call isn't known; less than 0 corrects an earlier row
  callee_service text,
  callee_address text,
  durations      integer[] NOT NULL              -- pairs of bucket and count: collector/src/map/duration-buckets.ts
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Sums by minute, caller's service and what it called: a service, or an address that belongs to no known node. What comes of a minute
-- that has a row takes its place, with a new received_at.
CREATE TABLE call_count (
  received_at    timestamptz NOT NULL,
  minute         timestamptz NOT NULL,
  duration_ms    double precision NOT NULL,
  project_id     integer NOT NULL,
  calls          integer NOT NULL,
  ended          integer NOT NULL,
  errors         integer NOT NULL,
  timeouts       integer NOT NULL,
  cuts           integer NOT NULL,
  unpaired       integer NOT NULL,
  environment    text NOT NULL,
  caller         text NOT NULL,
  callee_service text,
  callee_address text,
  durations      integer[] NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX call_count_minute ON call_count (project_id, minute);

ALTER TABLE breaker_change REPLICA IDENTITY FULL;
ALTER TABLE call_failure REPLICA IDENTITY FULL;
ALTER TABLE call_fresh REPLICA IDENTITY FULL;
ALTER TABLE call_count REPLICA IDENTITY FULL;

-- Calls that are stored, for returns whose call the collector doesn't remember. The ingest role may not read events: this shows it
-- these few fields of calls whose session and id it knows. Looks at no more than the first 20,000 events of a session.
-- given: [{"session", "call" (16 hex)}]
CREATE FUNCTION find_calls(project integer, given jsonb, since timestamptz)
RETURNS TABLE (session text, call text, micros double precision, detail jsonb, is_answered boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = groundtrack, pg_temp AS $$
  WITH wanted AS MATERIALIZED (SELECT DISTINCT r.session, r.call FROM jsonb_to_recordset(given) AS r (session uuid, call text)),
  known AS MATERIALIZED (
    SELECT s.session, e.kind, e.detail, e.detail->>'call' AS call,
           CASE WHEN e.flags & 4 = 0 THEN (extract(epoch FROM e.time) * 1000000)::float8 END AS micros
      FROM (SELECT DISTINCT w.session FROM wanted w) s
     CROSS JOIN LATERAL (
           SELECT own.project_id, own.kind, own.flags, own.time, own.detail
             FROM event own
            WHERE own.session_id = s.session AND own.received_at >= since
            LIMIT 20000) e
     WHERE e.project_id = project AND e.kind IN (3, 4))
  SELECT DISTINCT ON (w.session, w.call)
         replace(w.session::text, '-', ''), w.call, k.micros, k.detail,
         EXISTS (SELECT FROM known r WHERE r.kind = 4 AND r.session = w.session AND r.call = w.call)
    FROM wanted w JOIN known k ON k.session = w.session AND k.call = w.call AND k.kind = 3
   ORDER BY w.session, w.call, k.micros
$$;
REVOKE EXECUTE ON FUNCTION find_calls FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'groundtrack_ingest') THEN
    GRANT SELECT, INSERT, UPDATE ON breaker TO groundtrack_ingest;
    GRANT INSERT ON breaker_change, call_failure, call_fresh TO groundtrack_ingest;
    GRANT EXECUTE ON FUNCTION find_calls TO groundtrack_ingest;
    GRANT SELECT ON breaker, breaker_change, call_failure, call_fresh, call_count TO groundtrack_read;
  END IF;
END $$;
