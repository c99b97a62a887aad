CREATE TABLE IF NOT EXISTS tracks (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    name VARCHAR(191) NOT NULL,
    color VARCHAR(500),
    position BIGINT NOT NULL,
    UNIQUE (event_id, name)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS sessions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    guid VARCHAR(191) NOT NULL,
    title MEDIUMTEXT NOT NULL,
    subtitle MEDIUMTEXT NOT NULL,
    abstract MEDIUMTEXT NOT NULL,
    description MEDIUMTEXT NOT NULL,
    language VARCHAR(500),
    kind VARCHAR(500),
    track_id BINARY(16),
    room_id BINARY(16),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state VARCHAR(500) NOT NULL,
    url MEDIUMTEXT,
    updated_at BIGINT NOT NULL,
    UNIQUE (event_id, guid)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS speakers (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    speaker_key VARCHAR(191) NOT NULL,
    name VARCHAR(500) NOT NULL,
    biography MEDIUMTEXT NOT NULL,
    picture MEDIUMTEXT,
    person_id BINARY(16),
    UNIQUE (event_id, speaker_key)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS session_speakers (
    session_id BINARY(16) NOT NULL,
    speaker_id BINARY(16) NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (session_id, speaker_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS session_stars (
    person_id BINARY(16) NOT NULL,
    session_id BINARY(16) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, session_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
