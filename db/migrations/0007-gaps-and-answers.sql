-- Up Migration
-- Calls that want an answer, less returns, of the events of this part: what is left over all parts of a hop was never answered.
-- Null for none, and in parts written before there was this column.
ALTER TABLE session_part ADD COLUMN unanswered integer;

-- What a gap lies between is asked of the producers of its node. Flushes don't change node_id, so their updates stay off this index.
CREATE INDEX producer_node ON producer (node_id);
