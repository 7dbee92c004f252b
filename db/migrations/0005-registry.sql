-- Up Migration
-- The registry. A node's row is the truth for all collectors; what they poll for is `changed_by`, which orders changes as
-- snapshots see them, so that none is passed over.
ALTER TABLE node
  ADD COLUMN state      text,                    -- up, stale, gone; null where it never said that it is there
  ADD COLUMN state_at   timestamptz,             -- since when, by the clock of the collector that saw it
  ADD COLUMN number     integer,                 -- the least that no other live node of service and environment had: "cart-2"
  ADD COLUMN owner      bytea,                   -- SHA-256 of the bearer that registered it; null where there was none
  ADD COLUMN replaced   uuid,                    -- the node whose address it took over
  ADD COLUMN successor  uuid,                    -- the node that took over its address
  ADD COLUMN revision   bigint NOT NULL DEFAULT 0, -- counts heartbeats and changes
  ADD COLUMN changed_by xid8;                    -- transaction of the last of them

UPDATE node
   SET state = CASE WHEN left_at IS NULL THEN 'up' ELSE 'gone' END,
       state_at = coalesce(left_at, seen_at),
       changed_by = pg_current_xact_id()
 WHERE seen_at IS NOT NULL;

CREATE INDEX node_changed_by ON node (project_id, changed_by);
CREATE INDEX node_live ON node (project_id, service, environment) WHERE state IN ('up', 'stale');
-- An address alone may be longer than what an index takes.
CREATE INDEX node_address ON node (md5(address)) WHERE state IS NOT NULL;

-- Appended by the statement that changes the node's state, once, whichever collector sees it. Small: deleted after retention.
CREATE TABLE node_change (
  changed_at timestamptz NOT NULL,
  project_id integer NOT NULL,
  node_id    integer NOT NULL,
  change     text NOT NULL,                      -- up, stale, gone, left, restart, flap
  was        text,                               -- state before; null where it was not known
  state      text NOT NULL,                      -- state after
  revision   bigint NOT NULL,                    -- of the row after it: of changes at one instant the later one has the greater
  other      uuid                                -- of a restart: the node that it replaced, or that replaced it
);
CREATE INDEX node_change_node ON node_change (node_id, changed_at);
CREATE INDEX node_change_changed_at ON node_change (project_id, changed_at);
ALTER TABLE node_change REPLICA IDENTITY FULL;

-- Times in which no collector could hear heartbeats: what was the state of nodes then, nobody knows.
CREATE TABLE registry_gap (
  project_id integer NOT NULL,
  gap_from   timestamptz NOT NULL,
  gap_to     timestamptz NOT NULL,
  PRIMARY KEY (project_id, gap_to, gap_from)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'groundtrack_ingest') THEN
    GRANT INSERT ON node_change, registry_gap TO groundtrack_ingest;
    GRANT SELECT ON node_change, registry_gap TO groundtrack_read;
  END IF;
END $$;
