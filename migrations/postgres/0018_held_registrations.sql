-- A registration that waits for the moderators, because its address leads to the mailbox of somebody
-- who is banned, has the status 'cancelled' and says whom: programs that do not know it let nobody in.
ALTER TABLE registrations ADD COLUMN IF NOT EXISTS held_for BYTEA;
