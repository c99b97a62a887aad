-- A row for each group that the log has committed, so that a commit whose answer was lost can be
-- looked up. Rows are only added, and removed after a day.
CREATE TABLE IF NOT EXISTS log_groups (
    id BYTEA NOT NULL PRIMARY KEY,
    written_at BIGINT NOT NULL
);
