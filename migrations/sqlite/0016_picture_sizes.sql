-- The small size of a picture. One without it was stored by an earlier version as it was uploaded, and is
-- decoded and written anew before it is served.
ALTER TABLE pictures ADD COLUMN small BLOB;
