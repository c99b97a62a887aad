-- What is told about the installation as a whole: its id, and which log the channels' numbers
-- belong to, which a restore changes.
CREATE TABLE IF NOT EXISTS installation (
    name VARCHAR(191) NOT NULL PRIMARY KEY,
    value VARCHAR(500) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
