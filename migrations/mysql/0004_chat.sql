CREATE TABLE IF NOT EXISTS channels (
    id BINARY(16) NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    room_id BINARY(16),
    kind VARCHAR(500) NOT NULL,
    channel_key BINARY(32) NOT NULL,
    last_seq BIGINT NOT NULL,
    message_count BIGINT NOT NULL,
    last_message_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (channel_key),
    INDEX channels_event (event_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS direct_members (
    channel_id BINARY(16) NOT NULL,
    person_id BINARY(16) NOT NULL,
    hidden SMALLINT NOT NULL,
    PRIMARY KEY (channel_id, person_id),
    INDEX direct_members_person (person_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS messages (
    channel_id BINARY(16) NOT NULL,
    seq BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    sender_id BINARY(16) NOT NULL,
    client_id BINARY(16) NOT NULL,
    body MEDIUMTEXT NOT NULL,
    reply_to BIGINT,
    mentions MEDIUMTEXT,
    reactions MEDIUMTEXT,
    sent_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    deleted_by BINARY(16),
    pinned_at BIGINT,
    PRIMARY KEY (channel_id, seq),
    UNIQUE (channel_id, client_id, sender_id),
    INDEX messages_changed (channel_id, changed)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS message_reactions (
    channel_id BINARY(16) NOT NULL,
    seq BIGINT NOT NULL,
    person_id BINARY(16) NOT NULL,
    emoji VARCHAR(191) NOT NULL,
    PRIMARY KEY (channel_id, seq, person_id, emoji)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS mentions (
    person_id BINARY(16) NOT NULL,
    channel_id BINARY(16) NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (person_id, channel_id, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS read_pointers (
    person_id BINARY(16) NOT NULL,
    channel_id BINARY(16) NOT NULL,
    seq BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, channel_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
