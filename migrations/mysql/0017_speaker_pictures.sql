-- The pictures of speakers that the hub has fetched from the addresses in schedules, or has tried to.
CREATE TABLE IF NOT EXISTS speaker_pictures (
    speaker_id BINARY(16) NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    name VARCHAR(191),
    tries BIGINT NOT NULL,
    next_try_at BIGINT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
