-- Tickets that open one socket each, given by one node and redeemed at any.
CREATE TABLE IF NOT EXISTS socket_tickets (
    ticket_hash BYTEA NOT NULL PRIMARY KEY,
    sign_in_id BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS socket_tickets_sign_in ON socket_tickets (sign_in_id);
