-- The codes in mails, each for the browser that asked for the mail; without a token where there was
-- nothing to mail.
CREATE TABLE IF NOT EXISTS mail_codes (
    request_hash BLOB NOT NULL PRIMARY KEY,
    code_hash BLOB NOT NULL,
    email_key TEXT NOT NULL,
    token_id BLOB,
    tries BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS mail_codes_email ON mail_codes (email_key, expires_at);
