CREATE TABLE IF NOT EXISTS sanctions (
    id BLOB NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL,
    room_id BLOB,
    person_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_by BLOB,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    lifted_at BIGINT,
    lifted_by BLOB
);

CREATE INDEX IF NOT EXISTS sanctions_event ON sanctions (event_id, lifted_at, expires_at);

CREATE TABLE IF NOT EXISTS audit_log (
    id BLOB NOT NULL PRIMARY KEY,
    event_id BLOB,
    actor_id BLOB,
    action TEXT NOT NULL,
    room_id BLOB,
    person_id BLOB,
    channel_id BLOB,
    seq BIGINT,
    details TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS audit_log_event ON audit_log (event_id, id);
