-- Until when the person who has just come in by mail may change the address and the password.
ALTER TABLE sign_ins ADD COLUMN fresh_until BIGINT;
