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
CREATE TABLE breaker (
  project_id integer NOT NULL,
  breaker_id uuid NOT NULL,
  node_id integer NOT NULL,
  target_node uuid,
  target_service text,
  target_address text,
  state smallint NOT NULL,
  turned_at timestamp with time zone,
  failures integer NOT NULL,
  reason text NOT NULL,
  retest_at timestamp with time zone,
  session_id uuid,
  span bigint,
  number integer,
  producer uuid,
  epoch integer,
  seq bigint,
  first_seen_at timestamp with time zone NOT NULL,
  CONSTRAINT breaker_pkey PRIMARY KEY (project_id, breaker_id),
  CONSTRAINT breaker_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);
CREATE INDEX breaker_node ON breaker USING btree (node_id);
GRANT INSERT, SELECT, UPDATE ON breaker TO groundtrack_ingest;
GRANT SELECT ON breaker TO groundtrack_read;
CREATE TABLE breaker_change (
  received_at timestamp with time zone NOT NULL,
  time timestamp with time zone NOT NULL,
  session_id uuid NOT NULL,
  breaker_id uuid NOT NULL,
  span bigint NOT NULL,
  flush_id bigint NOT NULL,
  retest_at timestamp with time zone,
  project_id integer NOT NULL,
  node_id integer NOT NULL,
  failures integer NOT NULL,
  number integer,
  from_state smallint NOT NULL,
  to_state smallint NOT NULL,
  reason text NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX breaker_change_breaker ON ONLY breaker_change USING btree (breaker_id, "time");
CREATE INDEX breaker_change_session ON ONLY breaker_change USING btree (session_id);
CREATE INDEX breaker_change_time ON ONLY breaker_change USING btree (project_id, "time");
GRANT INSERT ON breaker_change TO groundtrack_ingest;
GRANT SELECT ON breaker_change TO groundtrack_read;
CREATE TABLE call_count (
  received_at timestamp with time zone NOT NULL,
  minute timestamp with time zone NOT NULL,
  duration_ms double precision NOT NULL,
  project_id integer NOT NULL,
  calls integer NOT NULL,
  ended integer NOT NULL,
  errors integer NOT NULL,
  timeouts integer NOT NULL,
  cuts integer NOT NULL,
  unpaired integer NOT NULL,
  environment text NOT NULL,
  caller text NOT NULL,
  callee_service text,
  callee_address text,
  durations integer[] NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX call_count_minute ON ONLY call_count USING btree (project_id, minute);
GRANT SELECT ON call_count TO groundtrack_read;
CREATE TABLE call_failure (
  received_at timestamp with time zone NOT NULL,
  time timestamp with time zone NOT NULL,
  session_id uuid NOT NULL,
  breaker_id uuid,
  span bigint NOT NULL,
  flush_id bigint NOT NULL,
  project_id integer NOT NULL,
  node_id integer NOT NULL,
  number integer,
  duration_ms real,
  status smallint NOT NULL,
  name text NOT NULL,
  reason text NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX call_failure_breaker ON ONLY call_failure USING btree (breaker_id, "time");
CREATE INDEX call_failure_session ON ONLY call_failure USING btree (session_id);
GRANT INSERT ON call_failure TO groundtrack_ingest;
GRANT SELECT ON call_failure TO groundtrack_read;
CREATE TABLE call_fresh (
  received_at timestamp with time zone NOT NULL,
  minute timestamp with time zone NOT NULL,
  callee_node uuid,
  duration_ms double precision NOT NULL,
  project_id integer NOT NULL,
  node_id integer NOT NULL,
  calls integer NOT NULL,
  ended integer NOT NULL,
  errors integer NOT NULL,
  timeouts integer NOT NULL,
  cuts integer NOT NULL,
  unpaired integer NOT NULL,
  callee_service text,
  callee_address text,
  durations integer[] NOT NULL
);
GRANT INSERT ON call_fresh TO groundtrack_ingest;
GRANT SELECT ON call_fresh TO groundtrack_read;
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
CREATE INDEX event_received_at ON ONLY event USING brin (received_at) WITH (pages_per_range='16');
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
  state text,
  state_at timestamp with time zone,
  number integer,
  owner bytea,
  replaced uuid,
  successor uuid,
  revision bigint NOT NULL DEFAULT 0,
  changed_by xid8,
  CONSTRAINT node_pkey PRIMARY KEY (id),
  CONSTRAINT node_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT node_project_id_node_uuid_service_environment_key UNIQUE (project_id, node_uuid, service, environment)
);
CREATE INDEX node_address ON node USING btree (md5(address)) WHERE (state IS NOT NULL);
CREATE INDEX node_changed_by ON node USING btree (project_id, changed_by);
CREATE INDEX node_live ON node USING btree (project_id, service, environment) WHERE (state = ANY (ARRAY['up'::text, 'stale'::text]));
GRANT INSERT, SELECT, UPDATE ON node TO groundtrack_ingest;
GRANT SELECT ON node TO groundtrack_read;
CREATE TABLE node_change (
  changed_at timestamp with time zone NOT NULL,
  project_id integer NOT NULL,
  node_id integer NOT NULL,
  change text NOT NULL,
  was text,
  state text NOT NULL,
  revision bigint NOT NULL,
  other uuid
);
CREATE INDEX node_change_changed_at ON node_change USING btree (project_id, changed_at);
CREATE INDEX node_change_node ON node_change USING btree (node_id, changed_at);
GRANT INSERT ON node_change TO groundtrack_ingest;
GRANT SELECT ON node_change TO groundtrack_read;
CREATE TABLE producer (
  project_id integer NOT NULL,
  producer uuid NOT NULL,
  epoch integer NOT NULL,
  node_id integer NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  CONSTRAINT producer_pkey PRIMARY KEY (project_id, producer, epoch),
  CONSTRAINT producer_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id)
);
CREATE INDEX producer_node ON producer USING btree (node_id);
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
CREATE TABLE registry_gap (
  project_id integer NOT NULL,
  gap_from timestamp with time zone NOT NULL,
  gap_to timestamp with time zone NOT NULL,
  CONSTRAINT registry_gap_pkey PRIMARY KEY (project_id, gap_to, gap_from)
);
GRANT INSERT ON registry_gap TO groundtrack_ingest;
GRANT SELECT ON registry_gap TO groundtrack_read;
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
  detail jsonb,
  unanswered integer
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
