CREATE TABLE IF NOT EXISTS people (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(500) NOT NULL,
    email VARCHAR(500),
    email_key VARCHAR(191),
    email_confirmed_at BIGINT,
    password_hash VARCHAR(500),
    name VARCHAR(500) NOT NULL,
    affiliation VARCHAR(500) NOT NULL,
    about MEDIUMTEXT NOT NULL,
    languages VARCHAR(500) NOT NULL,
    picture VARCHAR(500),
    locale VARCHAR(500),
    search_key MEDIUMTEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (email_key)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS sign_ins (
    id BINARY(16) NOT NULL PRIMARY KEY,
    person_id BINARY(16) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    user_agent VARCHAR(500) NOT NULL,
    address VARCHAR(500) NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (token_hash),
    INDEX sign_ins_person (person_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS mail_tokens (
    id BINARY(16) NOT NULL PRIMARY KEY,
    token_hash BINARY(32) NOT NULL,
    purpose VARCHAR(500) NOT NULL,
    email VARCHAR(500) NOT NULL,
    person_id BINARY(16),
    event_id BINARY(16),
    next VARCHAR(500),
    password_hash VARCHAR(500),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    UNIQUE (token_hash)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS registrations (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    person_id BINARY(16) NOT NULL,
    ticket_type_id BINARY(16),
    external_id VARCHAR(191),
    status VARCHAR(500) NOT NULL,
    answers MEDIUMTEXT NOT NULL,
    listed SMALLINT NOT NULL,
    consent_at BIGINT,
    consent_version BIGINT,
    cancelled_by BINARY(16),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (event_id, person_id),
    UNIQUE (event_id, external_id),
    INDEX registrations_person (person_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS role_grants (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16),
    person_id BINARY(16) NOT NULL,
    role VARCHAR(191) NOT NULL,
    room_id BINARY(16),
    scope_key BINARY(32) NOT NULL,
    granted_by BINARY(16),
    created_at BIGINT NOT NULL,
    UNIQUE (scope_key),
    INDEX role_grants_event (event_id),
    INDEX role_grants_person (person_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS blocks (
    person_id BINARY(16) NOT NULL,
    blocked_id BINARY(16) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, blocked_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS mails (
    id BINARY(16) NOT NULL PRIMARY KEY,
    recipient VARCHAR(500) NOT NULL,
    subject VARCHAR(500) NOT NULL,
    body MEDIUMTEXT NOT NULL,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at BIGINT,
    give_up_at BIGINT NOT NULL,
    sent_at BIGINT,
    last_error MEDIUMTEXT,
    INDEX mails_due (next_attempt_at)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
