CREATE TABLE IF NOT EXISTS events (
    id BINARY(16) NOT NULL PRIMARY KEY,
    slug VARCHAR(191) NOT NULL,
    title VARCHAR(500) NOT NULL,
    description MEDIUMTEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    time_zone VARCHAR(500) NOT NULL,
    locale VARCHAR(500) NOT NULL,
    state VARCHAR(500) NOT NULL,
    registration_open SMALLINT NOT NULL,
    guests_allowed SMALLINT NOT NULL,
    consent_text MEDIUMTEXT NOT NULL,
    consent_version BIGINT NOT NULL,
    schedule_version VARCHAR(500),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (slug)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS ticket_types (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    name VARCHAR(191) NOT NULL,
    description MEDIUMTEXT NOT NULL,
    quota BIGINT,
    taken BIGINT NOT NULL,
    sales_from BIGINT,
    sales_until BIGINT,
    hidden SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (event_id, name)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS registration_fields (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    field_key VARCHAR(191) NOT NULL,
    label VARCHAR(500) NOT NULL,
    kind VARCHAR(500) NOT NULL,
    choices MEDIUMTEXT NOT NULL,
    required SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (event_id, field_key)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rooms (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    room_key VARCHAR(191) NOT NULL,
    name VARCHAR(500) NOT NULL,
    description MEDIUMTEXT NOT NULL,
    capacity BIGINT,
    position BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,
    slow_mode_seconds BIGINT NOT NULL,
    locked SMALLINT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (event_id, room_key)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
