CREATE TABLE IF NOT EXISTS tracks (
    id BYTEA NOT NULL PRIMARY KEY,
    event_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    color TEXT,
    position BIGINT NOT NULL,
    UNIQUE (event_id, name)
);

CREATE TABLE IF NOT EXISTS sessions (
    id BYTEA NOT NULL PRIMARY KEY,
    event_id BYTEA NOT NULL,
    guid TEXT NOT NULL,
    title TEXT NOT NULL,
    subtitle TEXT NOT NULL,
    abstract TEXT NOT NULL,
    description TEXT NOT NULL,
    language TEXT,
    kind TEXT,
    track_id BYTEA,
    room_id BYTEA,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    url TEXT,
    updated_at BIGINT NOT NULL,
    UNIQUE (event_id, guid)
);

CREATE TABLE IF NOT EXISTS speakers (
    id BYTEA NOT NULL PRIMARY KEY,
    event_id BYTEA NOT NULL,
    speaker_key TEXT NOT NULL,
    name TEXT NOT NULL,
    biography TEXT NOT NULL,
    picture TEXT,
    person_id BYTEA,
    UNIQUE (event_id, speaker_key)
);

CREATE TABLE IF NOT EXISTS session_speakers (
    session_id BYTEA NOT NULL,
    speaker_id BYTEA NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (session_id, speaker_id)
);

CREATE TABLE IF NOT EXISTS session_stars (
    person_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, session_id)
);
