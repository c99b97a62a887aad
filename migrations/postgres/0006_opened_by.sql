-- Who opened a direct channel, so that what somebody opens without a word can be bounded.
ALTER TABLE channels ADD COLUMN IF NOT EXISTS opened_by BYTEA;

CREATE INDEX IF NOT EXISTS channels_opened_by ON channels (opened_by, event_id);
