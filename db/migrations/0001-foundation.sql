-- Up Migration
-- Everything lies in the schema groundtrack. Rules that hold from here on (ARCHITECTURE.md, Data model): project_id in every
-- table; big tables are append-only, partitioned by the collector's received_at, without serial ids, triggers or unique keys.

CREATE TABLE project (
  id         integer PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO project (id, name) VALUES (1, 'default');

-- One row per running process, service and environment; event.node_id points here.
-- Presence: seen_at with ttl_seconds is the last heartbeat, left_at a graceful leave.
CREATE TABLE node (
  id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id    integer NOT NULL REFERENCES project,
  node_uuid     uuid NOT NULL,
  service       text NOT NULL,
  environment   text NOT NULL,
  version       text NOT NULL DEFAULT '',
  origin        text NOT NULL DEFAULT 'native',  -- native, otlp, mdk
  address       text,
  host          text,
  pid           integer,
  runtime       text,
  sdk           text,
  properties    jsonb,
  first_seen_at timestamptz NOT NULL,
  seen_at       timestamptz,
  ttl_seconds   real,
  left_at       timestamptz,
  UNIQUE (project_id, node_uuid, service, environment)
);

-- A writer is one ingest connection of one collector. It numbers its flushes 1, 2, 3 … and commits them one after another;
-- after a commit of unknown outcome it takes a new id. flush_id = writer_id * 2^32 + flush_no.
CREATE TABLE writer (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  collector  uuid NOT NULL,
  started_at timestamptz NOT NULL
);

-- A producer numbers events. Its row is locked while a flush writes its batches, so two writers never race on one producer.
CREATE TABLE producer (
  project_id integer NOT NULL REFERENCES project,
  producer   uuid NOT NULL,
  epoch      integer NOT NULL,
  node_id    integer NOT NULL,
  seen_at    timestamptz NOT NULL,
  PRIMARY KEY (project_id, producer, epoch)
);

-- The ledger: which ranges are stored. Not partitioned: a retry after midnight is still a duplicate.
CREATE TABLE batch (
  project_id  integer NOT NULL,
  producer    uuid NOT NULL,
  epoch       integer NOT NULL,
  first       bigint NOT NULL,
  last        bigint NOT NULL,
  digest      bytea,                             -- SHA-256 of the inflated body; null once ranges are merged
  received_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, producer, epoch, first)
);

-- Requests without a producer (POST /v1/events with Idempotency-Key; OTLP): their digest, kept for minutes.
CREATE TABLE request_key (
  project_id  integer NOT NULL,
  digest      bytea NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, digest)
);
CREATE INDEX request_key_received_at ON request_key (received_at);

CREATE TABLE event (
  received_at timestamptz NOT NULL,
  time        timestamptz NOT NULL,              -- the event's own clock, microseconds; received_at where it was suspect
  session_id  uuid NOT NULL,                     -- the node's uuid for events of the process itself
  span        bigint NOT NULL,                   -- the hop; 16 hex digits as a signed integer; 0 for events of the process
  seq         bigint,                            -- the producer's number; null where the wire has none
  flush_id    bigint NOT NULL,
  ordinal     integer NOT NULL,                  -- position in the flush: (flush_id, ordinal) identifies an event
  project_id  integer NOT NULL,
  node_id     integer NOT NULL,
  flags       integer NOT NULL,                  -- bits: db/src/codes.ts
  level       smallint NOT NULL,                 -- OpenTelemetry severity number
  kind        smallint NOT NULL,                 -- db/src/codes.ts
  clock       integer[],                         -- the hop's path and, last, the event's number in it
  category    text NOT NULL,
  message     text NOT NULL,
  attributes  jsonb,                             -- the user's alone
  detail      jsonb                              -- what the kind carries, and originals of what was mended
) PARTITION BY RANGE (received_at);
CREATE INDEX event_session ON event (session_id);
CREATE INDEX event_time ON event USING brin (time) WITH (pages_per_range = 32);

-- What one flush learned of one hop. Appended, merged when read; the list of sessions never touches event.
CREATE TABLE session_part (
  received_at   timestamptz NOT NULL,
  first_time    timestamptz NOT NULL,
  last_time     timestamptz NOT NULL,
  opened_at     timestamptz,
  closed_at     timestamptz,
  session_id    uuid NOT NULL,
  span          bigint NOT NULL,
  parent        bigint,                          -- parent-id of traceparent; null for a root or where no open was seen
  call_span     bigint,                          -- the sending call's id, from our tracestate member
  flush_id      bigint NOT NULL,
  project_id    integer NOT NULL,
  node_id       integer,                         -- null where only a return edge names this hop
  events        integer NOT NULL,                -- stored events of any kind
  numbered      integer NOT NULL,                -- of these, with a clock number
  errors        integer NOT NULL,                -- level error and up
  first_number  integer,
  last_number   integer,
  closed_number integer,                         -- the number of the close event
  at_least      integer,                         -- a return edge proves that many events
  status        smallint,                        -- of the close; db/src/codes.ts
  path          integer[],
  name          text,
  reason        text,                            -- of the close
  first_error   text,                            -- message of the first error, at most 200 characters
  properties    jsonb,                           -- of open and set
  detail        jsonb                            -- remainingMs, derived
) PARTITION BY RANGE (received_at);
CREATE INDEX session_part_session ON session_part (session_id);
CREATE INDEX session_part_first_time ON session_part (project_id, first_time);

-- Sums for histograms: per flush, minute of the event, node and level.
CREATE TABLE event_count (
  received_at timestamptz NOT NULL,
  minute      timestamptz NOT NULL,
  flush_id    bigint NOT NULL,
  project_id  integer NOT NULL,
  node_id     integer NOT NULL,
  events      integer NOT NULL,
  level       smallint NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX event_count_minute ON event_count (project_id, minute);

-- One row per committed flush: what is visible of a writer is always a prefix, so a cursor is the last number per writer.
CREATE TABLE flush (
  received_at timestamptz NOT NULL,
  writer_id   integer NOT NULL,
  flush_no    bigint NOT NULL,
  events      integer NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX flush_writer ON flush (writer_id, flush_no);

-- Numbers that will never arrive: dropped by a producer or rejected by the collector, with the hop numbers that went with them.
CREATE TABLE absence (
  received_at timestamptz NOT NULL,
  producer    uuid NOT NULL,
  session_id  uuid,
  span        bigint,
  first       bigint NOT NULL,                   -- producer numbers, inclusive
  last        bigint NOT NULL,
  flush_id    bigint NOT NULL,
  project_id  integer NOT NULL,
  node_id     integer NOT NULL,
  epoch       integer NOT NULL,
  from_number integer,                           -- clock numbers of the hop, inclusive
  to_number   integer,
  count       integer NOT NULL,
  state       text NOT NULL,                     -- dropped, rejected
  reason      text NOT NULL                      -- the SDK's reason or the collector's code
) PARTITION BY RANGE (received_at);
CREATE INDEX absence_session ON absence (session_id);
CREATE INDEX absence_producer ON absence (producer, first);

-- Raw bytes of rejected lines, the last 100 per project.
CREATE TABLE rejected_sample (
  project_id  integer NOT NULL,
  slot        integer NOT NULL,                  -- ring of 100
  received_at timestamptz NOT NULL,
  node_id     integer,
  code        text NOT NULL,
  raw         bytea NOT NULL,                    -- at most 64 KiB
  PRIMARY KEY (project_id, slot)
);

-- Append-only tables without a key still take part in logical replication and shard moves.
ALTER TABLE event REPLICA IDENTITY FULL;
ALTER TABLE session_part REPLICA IDENTITY FULL;
ALTER TABLE event_count REPLICA IDENTITY FULL;
ALTER TABLE flush REPLICA IDENTITY FULL;
ALTER TABLE absence REPLICA IDENTITY FULL;

-- Roles. The owner migrates and drops partitions; ingest inserts events and reads the ledger only; read selects.
-- A database user that may not create roles works as the owner alone, and doctor says so.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'groundtrack_ingest') THEN CREATE ROLE groundtrack_ingest NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'groundtrack_read') THEN CREATE ROLE groundtrack_read NOLOGIN; END IF;
  GRANT groundtrack_ingest, groundtrack_read TO CURRENT_USER;
EXCEPTION WHEN insufficient_privilege OR unique_violation OR duplicate_object THEN
  RAISE NOTICE 'groundtrack: roles groundtrack_ingest and groundtrack_read could not be set up: %', SQLERRM;
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'groundtrack_ingest') THEN
    GRANT USAGE ON SCHEMA groundtrack TO groundtrack_ingest, groundtrack_read;
    GRANT INSERT ON event, session_part, event_count, flush, absence TO groundtrack_ingest;
    GRANT SELECT, INSERT, UPDATE ON node, producer, rejected_sample TO groundtrack_ingest;
    GRANT SELECT, INSERT, DELETE ON batch, request_key TO groundtrack_ingest;
    GRANT SELECT, INSERT ON writer TO groundtrack_ingest;
    GRANT SELECT ON project TO groundtrack_ingest;
    GRANT SELECT ON ALL TABLES IN SCHEMA groundtrack TO groundtrack_read;
  END IF;
END $$;
