-- Tickets that open one socket each, given by one node and redeemed at any.
CREATE TABLE IF NOT EXISTS socket_tickets (
    ticket_hash BINARY(32) NOT NULL PRIMARY KEY,
    sign_in_id BINARY(16) NOT NULL,
    expires_at BIGINT NOT NULL,
    INDEX socket_tickets_sign_in (sign_in_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
