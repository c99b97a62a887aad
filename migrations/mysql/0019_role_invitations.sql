-- Roles offered to addresses without an account. They have no effect until they are accepted.
CREATE TABLE IF NOT EXISTS role_invitations (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    email VARCHAR(500) NOT NULL,
    email_key VARCHAR(191) NOT NULL,
    role VARCHAR(500) NOT NULL,
    room_id BINARY(16),
    scope_key BINARY(32) NOT NULL,
    invited_by BINARY(16) NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (scope_key),
    INDEX role_invitations_event (event_id),
    INDEX role_invitations_email (email_key)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
