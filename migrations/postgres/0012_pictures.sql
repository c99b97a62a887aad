-- People's pictures. One that was taken away stays for a while without its content, so that every
-- node forgets its copy.
CREATE TABLE IF NOT EXISTS pictures (
    name TEXT NOT NULL PRIMARY KEY,
    content BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);

CREATE INDEX IF NOT EXISTS pictures_removed ON pictures (removed_at);
