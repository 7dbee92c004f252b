-- What the migrations add up to, to be read. Made by: UPDATE_SCHEMA=1 npx vitest run db/test/schema

CREATE TABLE absence (
  received_at timestamp with time zone NOT NULL,
  producer uuid NOT NULL,
  session_id uuid,
  span bigint,
  first bigint NOT NULL,
  last bigint NOT NULL,
  flush_id bigint NOT NULL,
  project_id integer NOT NULL,
  node_id integer NOT NULL,
  epoch integer NOT NULL,
  from_number integer,
  to_number integer,
  count integer NOT NULL,
  state text NOT NULL,
  reason text NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX absence_producer ON ONLY absence USING btree (producer, first);
CREATE INDEX absence_session ON ONLY absence USING btree (session_id);
GRANT INSERT ON absence TO groundtrack_ingest;
GRANT SELECT ON absence TO groundtrack_read;
CREATE TABLE absence_sum (
  project_id integer NOT NULL,
  producer uuid NOT NULL,
  epoch integer NOT NULL,
  dropped bigint NOT NULL,
  rejected bigint NOT NULL,
  CONSTRAINT absence_sum_pkey PRIMARY KEY (project_id, producer, epoch)
);
GRANT SELECT ON absence_sum TO groundtrack_read;
CREATE TABLE batch (
  project_id integer NOT NULL,
  producer uuid NOT NULL,
  epoch integer NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  digest bytea,
  received_at timestamp with time zone NOT NULL,
  CONSTRAINT batch_pkey PRIMARY KEY (project_id, producer, epoch, first)
);
GRANT DELETE, INSERT, SELECT ON batch TO groundtrack_ingest;
GRANT SELECT ON batch TO groundtrack_read;
CREATE TABLE event (
  received_at timestamp with time zone NOT NULL,
  time timestamp with time zone NOT NULL,
  session_id uuid NOT NULL,
  span bigint NOT NULL,
  seq bigint,
  flush_id bigint NOT NULL,
  ordinal integer NOT NULL,
  project_id integer NOT NULL,
  node_id integer NOT NULL,
  flags integer NOT NULL,
  level smallint NOT NULL,
  kind smallint NOT NULL,
  clock integer[],
  category text NOT NULL,
  message text NOT NULL,
  attributes jsonb,
  detail jsonb
) PARTITION BY RANGE (received_at);
CREATE INDEX event_session ON ONLY event USING btree (session_id);
CREATE INDEX event_time ON ONLY event USING brin ("time") WITH (pages_per_range='32');
GRANT INSERT ON event TO groundtrack_ingest;
GRANT SELECT ON event TO groundtrack_read;
CREATE TABLE event_count (
  received_at timestamp with time zone NOT NULL,
  minute timestamp with time zone NOT NULL,
  flush_id bigint NOT NULL,
  project_id integer NOT NULL,
  node_id integer NOT NULL,
  events integer NOT NULL,
  level smallint NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX event_count_minute ON ONLY event_count USING btree (project_id, minute);
GRANT INSERT ON event_count TO groundtrack_ingest;
GRANT SELECT ON event_count TO groundtrack_read;
CREATE TABLE flush (
  received_at timestamp with time zone NOT NULL,
  writer_id integer NOT NULL,
  flush_no bigint NOT NULL,
  events integer NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX flush_writer ON ONLY flush USING btree (writer_id, flush_no);
GRANT INSERT ON flush TO groundtrack_ingest;
GRANT SELECT ON flush TO groundtrack_read;
CREATE TABLE kept_session (
  project_id integer NOT NULL,
  session_id uuid NOT NULL,
  kept_at timestamp with time zone NOT NULL,
  CONSTRAINT kept_session_pkey PRIMARY KEY (project_id, session_id),
  CONSTRAINT kept_session_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);
GRANT DELETE, INSERT, SELECT ON kept_session TO groundtrack_ingest;
GRANT SELECT ON kept_session TO groundtrack_read;
CREATE TABLE node (
  id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
  project_id integer NOT NULL,
  node_uuid uuid NOT NULL,
  service text NOT NULL,
  environment text NOT NULL,
  version text NOT NULL DEFAULT ''::text,
  origin text NOT NULL DEFAULT 'native'::text,
  address text,
  host text,
  pid integer,
  runtime text,
  sdk text,
  properties jsonb,
  first_seen_at timestamp with time zone NOT NULL,
  seen_at timestamp with time zone,
  ttl_seconds real,
  left_at timestamp with time zone,
  CONSTRAINT node_pkey PRIMARY KEY (id),
  CONSTRAINT node_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT node_project_id_node_uuid_service_environment_key UNIQUE (project_id, node_uuid, service, environment)
);
GRANT INSERT, SELECT, UPDATE ON node TO groundtrack_ingest;
GRANT SELECT ON node TO groundtrack_read;
CREATE TABLE producer (
  project_id integer NOT NULL,
  producer uuid NOT NULL,
  epoch integer NOT NULL,
  node_id integer NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  CONSTRAINT producer_pkey PRIMARY KEY (project_id, producer, epoch),
  CONSTRAINT producer_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);
GRANT INSERT, SELECT, UPDATE ON producer TO groundtrack_ingest;
GRANT SELECT ON producer TO groundtrack_read;
CREATE TABLE project (
  id integer NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT project_name_key UNIQUE (name),
  CONSTRAINT project_pkey PRIMARY KEY (id)
);
GRANT SELECT ON project TO groundtrack_ingest;
GRANT SELECT ON project TO groundtrack_read;
CREATE TABLE rejected_sample (
  project_id integer NOT NULL,
  slot integer NOT NULL,
  received_at timestamp with time zone NOT NULL,
  node_id integer,
  code text NOT NULL,
  raw bytea NOT NULL,
  CONSTRAINT rejected_sample_pkey PRIMARY KEY (project_id, slot)
);
GRANT INSERT, SELECT, UPDATE ON rejected_sample TO groundtrack_ingest;
GRANT SELECT ON rejected_sample TO groundtrack_read;
CREATE TABLE request_key (
  project_id integer NOT NULL,
  digest bytea NOT NULL,
  received_at timestamp with time zone NOT NULL,
  CONSTRAINT request_key_pkey PRIMARY KEY (project_id, digest)
);
CREATE INDEX request_key_received_at ON request_key USING btree (received_at);
GRANT DELETE, INSERT, SELECT ON request_key TO groundtrack_ingest;
GRANT SELECT ON request_key TO groundtrack_read;
CREATE TABLE session_part (
  received_at timestamp with time zone NOT NULL,
  first_time timestamp with time zone NOT NULL,
  last_time timestamp with time zone NOT NULL,
  opened_at timestamp with time zone,
  closed_at timestamp with time zone,
  session_id uuid NOT NULL,
  span bigint NOT NULL,
  parent bigint,
  call_span bigint,
  flush_id bigint NOT NULL,
  project_id integer NOT NULL,
  node_id integer,
  events integer NOT NULL,
  numbered integer NOT NULL,
  errors integer NOT NULL,
  first_number integer,
  last_number integer,
  closed_number integer,
  at_least integer,
  status smallint,
  path integer[],
  name text,
  reason text,
  first_error text,
  properties jsonb,
  detail jsonb
) PARTITION BY RANGE (received_at);
CREATE INDEX session_part_derived ON ONLY session_part USING btree ((((detail -> 'derived'::text) ->> 'session'::text))) WHERE (detail ? 'derived'::text);
CREATE INDEX session_part_first_time ON ONLY session_part USING btree (project_id, first_time);
CREATE INDEX session_part_session ON ONLY session_part USING btree (session_id);
GRANT INSERT ON session_part TO groundtrack_ingest;
GRANT SELECT ON session_part TO groundtrack_read;
CREATE TABLE writer (
  id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
  collector uuid NOT NULL,
  started_at timestamp with time zone NOT NULL,
  CONSTRAINT writer_pkey PRIMARY KEY (id)
);
GRANT INSERT, SELECT ON writer TO groundtrack_ingest;
GRANT SELECT ON writer TO groundtrack_read;
