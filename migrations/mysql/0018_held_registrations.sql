-- A registration that waits for the moderators, because its address leads to the mailbox of somebody
-- who is banned, has the status 'cancelled' and says whom: programs that do not know it let nobody in.
-- MySQL has no ADD COLUMN IF NOT EXISTS, and commits the change before it is noted as applied.
SET @change = (
    SELECT IF(
        COUNT(*) = 0,
        'ALTER TABLE registrations ADD COLUMN held_for BINARY(16)',
        'DO 0'
    )
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'registrations' AND column_name = 'held_for'
);

PREPARE change_registrations FROM @change;

EXECUTE change_registrations;

DEALLOCATE PREPARE change_registrations;
