-- Sign-ins that have ended a while ago, for the nodes that still have sockets of theirs.
CREATE TABLE IF NOT EXISTS ended_sign_ins (
    sign_in_id BINARY(16) NOT NULL PRIMARY KEY,
    person_id BINARY(16) NOT NULL,
    ended_at BIGINT NOT NULL,
    INDEX ended_sign_ins_at (ended_at)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
