-- no-transaction
-- What is unread counts what is there now: the deleted messages after a read pointer are found
-- without looking at the others.
CREATE INDEX CONCURRENTLY IF NOT EXISTS messages_deleted ON messages (channel_id, seq)
    WHERE deleted_at IS NOT NULL;
