-- +goose Up

-- An import that was applied can be taken back ('undoing', then 'undone'). Each row keeps
-- what it came to: what was taken back, and, in stays, what somebody had changed since and is as
-- they made it.
ALTER TABLE staff_import ADD COLUMN undone_at BIGINT;
ALTER TABLE staff_import ADD COLUMN undone_by BIGINT REFERENCES person (id);
ALTER TABLE staff_import_row ADD COLUMN undone TEXT NOT NULL DEFAULT '' CHECK (undone IN ('', 'removed', 'ended', 'restored', 'kept'));
ALTER TABLE staff_import_row ADD COLUMN stays TEXT NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE staff_import_row DROP COLUMN stays;
ALTER TABLE staff_import_row DROP COLUMN undone;
ALTER TABLE staff_import DROP COLUMN undone_by;
ALTER TABLE staff_import DROP COLUMN undone_at;
