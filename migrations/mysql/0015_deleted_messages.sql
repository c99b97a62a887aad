-- What is unread counts what is there now: the deleted messages after a read pointer are found
-- without looking at the others.
-- MySQL has no ADD INDEX IF NOT EXISTS, and commits the change before it is noted as applied.
SET @change = (
    SELECT IF(
        COUNT(*) = 0,
        'ALTER TABLE messages ADD INDEX messages_deleted (channel_id, deleted_at, seq)',
        'DO 0'
    )
    FROM information_schema.statistics
    WHERE table_schema = DATABASE() AND table_name = 'messages' AND index_name = 'messages_deleted'
);

PREPARE change_messages FROM @change;

EXECUTE change_messages;

DEALLOCATE PREPARE change_messages;
