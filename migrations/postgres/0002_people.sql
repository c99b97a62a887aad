CREATE TABLE IF NOT EXISTS people (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    email TEXT,
    email_key TEXT,
    email_confirmed_at BIGINT,
    password_hash TEXT,
    name TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    about TEXT NOT NULL,
    languages TEXT NOT NULL,
    picture TEXT,
    locale TEXT,
    search_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (email_key)
);

CREATE TABLE IF NOT EXISTS sign_ins (
    id BYTEA NOT NULL PRIMARY KEY,
    person_id BYTEA NOT NULL,
    token_hash BYTEA NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (token_hash)
);

CREATE INDEX IF NOT EXISTS sign_ins_person ON sign_ins (person_id);

CREATE TABLE IF NOT EXISTS mail_tokens (
    id BYTEA NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    email TEXT NOT NULL,
    person_id BYTEA,
    event_id BYTEA,
    next TEXT,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    UNIQUE (token_hash)
);

CREATE TABLE IF NOT EXISTS registrations (
    id BYTEA NOT NULL PRIMARY KEY,
    event_id BYTEA NOT NULL,
    person_id BYTEA NOT NULL,
    ticket_type_id BYTEA,
    external_id TEXT,
    status TEXT NOT NULL,
    answers TEXT NOT NULL,
    listed SMALLINT NOT NULL,
    consent_at BIGINT,
    consent_version BIGINT,
    cancelled_by BYTEA,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (event_id, person_id),
    UNIQUE (event_id, external_id)
);

CREATE INDEX IF NOT EXISTS registrations_person ON registrations (person_id);

CREATE TABLE IF NOT EXISTS role_grants (
    id BYTEA NOT NULL PRIMARY KEY,
    event_id BYTEA,
    person_id BYTEA NOT NULL,
    role TEXT NOT NULL,
    room_id BYTEA,
    scope_key BYTEA NOT NULL,
    granted_by BYTEA,
    created_at BIGINT NOT NULL,
    UNIQUE (scope_key)
);

CREATE INDEX IF NOT EXISTS role_grants_event ON role_grants (event_id);

CREATE INDEX IF NOT EXISTS role_grants_person ON role_grants (person_id);

CREATE TABLE IF NOT EXISTS blocks (
    person_id BYTEA NOT NULL,
    blocked_id BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, blocked_id)
);

CREATE TABLE IF NOT EXISTS mails (
    id BYTEA NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at BIGINT,
    give_up_at BIGINT NOT NULL,
    sent_at BIGINT,
    last_error TEXT
);

CREATE INDEX IF NOT EXISTS mails_due ON mails (next_attempt_at);
