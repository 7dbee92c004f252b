-- Up Migration
-- Sessions derived from another one: only the roots that were, so the index is as small as they are few.
CREATE INDEX session_part_derived ON session_part ((detail->'derived'->>'session')) WHERE detail ? 'derived';
