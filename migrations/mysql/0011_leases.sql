-- Which node does what only one of them should do at a time, and until when it has the turn.
CREATE TABLE IF NOT EXISTS leases (
    name VARCHAR(191) NOT NULL PRIMARY KEY,
    node BINARY(16) NOT NULL,
    until BIGINT NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
