-- Up Migration
-- Claims ranges of producers' numbers for the flush that calls it, or fails with GT001 when one of them overlaps what is stored.
-- The producers' rows stay locked until the transaction ends, and by an earlier statement than the one that looks: only then does
-- that see what another writer has just committed. Sorted by key, since unsorted upserts of two writers deadlock.
-- given: [{"project_id", "producer", "epoch", "node_id", "first", "last", "digest" (hex)}]; a range with last < first holds nothing.
CREATE FUNCTION claim_batches(given jsonb, seen_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO producer (project_id, producer, epoch, node_id, seen_at)
  SELECT DISTINCT ON (range.project_id, range.producer, range.epoch)
         range.project_id, range.producer, range.epoch, range.node_id, claim_batches.seen_at
    FROM jsonb_to_recordset(given) AS range (project_id integer, producer uuid, epoch integer, node_id integer)
   ORDER BY range.project_id, range.producer, range.epoch
      ON CONFLICT (project_id, producer, epoch) DO UPDATE SET node_id = excluded.node_id, seen_at = excluded.seen_at;

  -- Stored ranges of a producer never overlap one another: the one that begins last before a range's end is the only candidate.
  PERFORM FROM jsonb_to_recordset(given) AS range (project_id integer, producer uuid, epoch integer, first bigint, last bigint)
         CROSS JOIN LATERAL (
               SELECT batch.last
                 FROM batch
                WHERE (batch.project_id, batch.producer, batch.epoch) = (range.project_id, range.producer, range.epoch)
                  AND batch.first <= range.last
                ORDER BY batch.first DESC
                LIMIT 1) AS stored
         WHERE range.last >= range.first AND stored.last >= range.first;
  IF FOUND THEN RAISE EXCEPTION 'a batch is stored already' USING ERRCODE = 'GT001'; END IF;

  INSERT INTO batch (project_id, producer, epoch, first, last, digest, received_at)
  SELECT range.project_id, range.producer, range.epoch, range.first, range.last, decode(range.digest, 'hex'), claim_batches.seen_at
    FROM jsonb_to_recordset(given)
         AS range (project_id integer, producer uuid, epoch integer, first bigint, last bigint, digest text)
   WHERE range.last >= range.first;
END $$;
