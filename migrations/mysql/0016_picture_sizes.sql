-- The small size of a picture. One without it was stored by an earlier version as it was uploaded, and is
-- decoded and written anew before it is served.
-- MySQL has no ADD COLUMN IF NOT EXISTS, and commits the change before it is noted as applied.
SET @change = (
    SELECT IF(COUNT(*) = 0, 'ALTER TABLE pictures ADD COLUMN small MEDIUMBLOB', 'DO 0')
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'pictures' AND column_name = 'small'
);

PREPARE change_pictures FROM @change;

EXECUTE change_pictures;

DEALLOCATE PREPARE change_pictures;
