-- People's pictures. One that was taken away stays for a while without its content, so that every
-- node forgets its copy.
CREATE TABLE IF NOT EXISTS pictures (
    name VARCHAR(191) NOT NULL PRIMARY KEY,
    content MEDIUMBLOB NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    INDEX pictures_removed (removed_at)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
