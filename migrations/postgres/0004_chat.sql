CREATE TABLE IF NOT EXISTS channels (
    id BYTEA NOT NULL PRIMARY KEY,
    event_id BYTEA NOT NULL,
    room_id BYTEA,
    kind TEXT NOT NULL,
    channel_key BYTEA NOT NULL,
    last_seq BIGINT NOT NULL,
    message_count BIGINT NOT NULL,
    last_message_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (channel_key)
);

CREATE INDEX IF NOT EXISTS channels_event ON channels (event_id);

CREATE TABLE IF NOT EXISTS direct_members (
    channel_id BYTEA NOT NULL,
    person_id BYTEA NOT NULL,
    hidden SMALLINT NOT NULL,
    PRIMARY KEY (channel_id, person_id)
);

CREATE INDEX IF NOT EXISTS direct_members_person ON direct_members (person_id);

CREATE TABLE IF NOT EXISTS messages (
    channel_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    sender_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    body TEXT NOT NULL,
    reply_to BIGINT,
    mentions TEXT,
    reactions TEXT,
    sent_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    deleted_by BYTEA,
    pinned_at BIGINT,
    PRIMARY KEY (channel_id, seq),
    UNIQUE (channel_id, client_id, sender_id)
);

CREATE INDEX IF NOT EXISTS messages_changed ON messages (channel_id, changed);

CREATE TABLE IF NOT EXISTS message_reactions (
    channel_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    person_id BYTEA NOT NULL,
    emoji TEXT NOT NULL,
    PRIMARY KEY (channel_id, seq, person_id, emoji)
);

CREATE TABLE IF NOT EXISTS mentions (
    person_id BYTEA NOT NULL,
    channel_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (person_id, channel_id, seq)
);

CREATE TABLE IF NOT EXISTS read_pointers (
    person_id BYTEA NOT NULL,
    channel_id BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, channel_id)
);
