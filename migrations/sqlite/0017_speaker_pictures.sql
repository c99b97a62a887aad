-- The pictures of speakers that the hub has fetched from the addresses in schedules, or has tried to.
CREATE TABLE IF NOT EXISTS speaker_pictures (
    speaker_id BLOB NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    name TEXT,
    tries BIGINT NOT NULL,
    next_try_at BIGINT
);
