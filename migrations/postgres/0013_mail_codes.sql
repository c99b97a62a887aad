-- The codes in mails, each for the browser that asked for the mail; without a token where there was
-- nothing to mail.
CREATE TABLE IF NOT EXISTS mail_codes (
    request_hash BYTEA NOT NULL PRIMARY KEY,
    code_hash BYTEA NOT NULL,
    email_key TEXT NOT NULL,
    token_id BYTEA,
    tries BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS mail_codes_email ON mail_codes (email_key, expires_at);
