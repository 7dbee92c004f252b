-- Up Migration
-- Sessions that outlive retention: when their day goes, their rows stay, alone in a partition of the same range.
CREATE TABLE kept_session (
  project_id integer NOT NULL REFERENCES project,
  session_id uuid NOT NULL,
  kept_at    timestamptz NOT NULL,
  PRIMARY KEY (project_id, session_id)
);

-- Numbers of a producer that were dropped or rejected and whose rows in absence went with their day: without them the ledger,
-- which lives longer, would take these numbers for stored.
CREATE TABLE absence_sum (
  project_id integer NOT NULL,
  producer   uuid NOT NULL,
  epoch      integer NOT NULL,
  dropped    bigint NOT NULL,
  rejected   bigint NOT NULL,
  PRIMARY KEY (project_id, producer, epoch)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'groundtrack_ingest') THEN
    GRANT SELECT, INSERT, DELETE ON kept_session TO groundtrack_ingest;
    GRANT SELECT ON kept_session, absence_sum TO groundtrack_read;
  END IF;
END $$;
