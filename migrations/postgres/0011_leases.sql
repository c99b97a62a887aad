-- Which node does what only one of them should do at a time, and until when it has the turn.
CREATE TABLE IF NOT EXISTS leases (
    name TEXT NOT NULL PRIMARY KEY,
    node BYTEA NOT NULL,
    until BIGINT NOT NULL
);
