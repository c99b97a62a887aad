CREATE TABLE IF NOT EXISTS sanctions (
    id BYTEA NOT NULL PRIMARY KEY,
    event_id BYTEA NOT NULL,
    room_id BYTEA,
    person_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_by BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    lifted_at BIGINT,
    lifted_by BYTEA
);

CREATE INDEX IF NOT EXISTS sanctions_event ON sanctions (event_id, lifted_at, expires_at);

CREATE TABLE IF NOT EXISTS audit_log (
    id BYTEA NOT NULL PRIMARY KEY,
    event_id BYTEA,
    actor_id BYTEA,
    action TEXT NOT NULL,
    room_id BYTEA,
    person_id BYTEA,
    channel_id BYTEA,
    seq BIGINT,
    details TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS audit_log_event ON audit_log (event_id, id);
