-- The codes in mails, each for the browser that asked for the mail; without a token where there was
-- nothing to mail.
CREATE TABLE IF NOT EXISTS mail_codes (
    request_hash BINARY(32) NOT NULL PRIMARY KEY,
    code_hash BINARY(32) NOT NULL,
    email_key VARCHAR(191) NOT NULL,
    token_id BINARY(16),
    tries BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    INDEX mail_codes_email (email_key, expires_at)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
