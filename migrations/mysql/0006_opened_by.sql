-- Who opened a direct channel, so that what somebody opens without a word can be bounded.
-- MySQL has no ADD COLUMN IF NOT EXISTS, and commits the change before it is noted as applied.
SET @change = (
    SELECT IF(
        COUNT(*) = 0,
        'ALTER TABLE channels ADD COLUMN opened_by BINARY(16), ADD INDEX channels_opened_by (opened_by, event_id)',
        'DO 0'
    )
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'channels' AND column_name = 'opened_by'
);

PREPARE change_channels FROM @change;

EXECUTE change_channels;

DEALLOCATE PREPARE change_channels;
