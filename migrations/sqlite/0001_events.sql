CREATE TABLE IF NOT EXISTS events (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL,
    state TEXT NOT NULL,
    registration_open SMALLINT NOT NULL,
    guests_allowed SMALLINT NOT NULL,
    consent_text TEXT NOT NULL,
    consent_version BIGINT NOT NULL,
    schedule_version TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (slug)
);

CREATE TABLE IF NOT EXISTS ticket_types (
    id BLOB NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    quota BIGINT,
    taken BIGINT NOT NULL,
    sales_from BIGINT,
    sales_until BIGINT,
    hidden SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (event_id, name)
);

CREATE TABLE IF NOT EXISTS registration_fields (
    id BLOB NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL,
    field_key TEXT NOT NULL,
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    choices TEXT NOT NULL,
    required SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (event_id, field_key)
);

CREATE TABLE IF NOT EXISTS rooms (
    id BLOB NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL,
    room_key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    capacity BIGINT,
    position BIGINT NOT NULL,
    hidden SMALLINT NOT NULL,
    slow_mode_seconds BIGINT NOT NULL,
    locked SMALLINT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (event_id, room_key)
);
