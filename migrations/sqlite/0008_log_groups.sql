-- On database servers: a row for each group that the log has committed, so that a commit whose answer
-- was lost can be looked up. Here nothing stands between the log and its file, and it stays empty.
CREATE TABLE IF NOT EXISTS log_groups (
    id BLOB NOT NULL PRIMARY KEY,
    written_at BIGINT NOT NULL
);
