-- Roles offered to addresses without an account. They have no effect until they are accepted.
CREATE TABLE IF NOT EXISTS role_invitations (
    id BYTEA NOT NULL PRIMARY KEY,
    event_id BYTEA NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    role TEXT NOT NULL,
    room_id BYTEA,
    scope_key BYTEA NOT NULL,
    invited_by BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (scope_key)
);

CREATE INDEX IF NOT EXISTS role_invitations_event ON role_invitations (event_id);

CREATE INDEX IF NOT EXISTS role_invitations_email ON role_invitations (email_key);
