-- +goose Up

-- How far the first reading of a file has come (read_rows until then: those that have been read):
-- when the program that reads it last told, and why it cannot be read, as JSON; '' for nothing.
ALTER TABLE staff_import ADD COLUMN heard_at BIGINT;
ALTER TABLE staff_import ADD COLUMN refused TEXT NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE staff_import DROP COLUMN refused;
ALTER TABLE staff_import DROP COLUMN heard_at;
