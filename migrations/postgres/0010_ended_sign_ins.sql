-- Sign-ins that have ended a while ago, for the nodes that still have sockets of theirs.
CREATE TABLE IF NOT EXISTS ended_sign_ins (
    sign_in_id BYTEA NOT NULL PRIMARY KEY,
    person_id BYTEA NOT NULL,
    ended_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS ended_sign_ins_at ON ended_sign_ins (ended_at);
