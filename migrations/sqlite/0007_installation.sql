-- What is told about the installation as a whole: its id, and which log the channels' numbers
-- belong to, which a restore changes.
CREATE TABLE IF NOT EXISTS installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
