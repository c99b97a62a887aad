-- Who opened a direct channel, so that what somebody opens without a word can be bounded.
ALTER TABLE channels ADD COLUMN opened_by BLOB;

CREATE INDEX channels_opened_by ON channels (opened_by, event_id);
