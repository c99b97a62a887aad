CREATE TABLE IF NOT EXISTS sanctions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    room_id BINARY(16),
    person_id BINARY(16) NOT NULL,
    kind VARCHAR(500) NOT NULL,
    reason MEDIUMTEXT NOT NULL,
    created_by BINARY(16),
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    lifted_at BIGINT,
    lifted_by BINARY(16),
    INDEX sanctions_event (event_id, lifted_at, expires_at)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS audit_log (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16),
    actor_id BINARY(16),
    action VARCHAR(500) NOT NULL,
    room_id BINARY(16),
    person_id BINARY(16),
    channel_id BINARY(16),
    seq BIGINT,
    details MEDIUMTEXT NOT NULL,
    created_at BIGINT NOT NULL,
    INDEX audit_log_event (event_id, id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
