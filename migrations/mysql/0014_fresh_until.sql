-- Until when the person who has just come in by mail may change the address and the password.
-- MySQL has no ADD COLUMN IF NOT EXISTS, and commits the change before it is noted as applied.
SET @change = (
    SELECT IF(
        COUNT(*) = 0,
        'ALTER TABLE sign_ins ADD COLUMN fresh_until BIGINT',
        'DO 0'
    )
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'sign_ins' AND column_name = 'fresh_until'
);

PREPARE change_sign_ins FROM @change;

EXECUTE change_sign_ins;

DEALLOCATE PREPARE change_sign_ins;
