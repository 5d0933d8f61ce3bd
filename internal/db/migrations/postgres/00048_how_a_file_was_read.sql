-- +goose Up

-- How the file was read, for people to check: its encoding ('UTF-8', 'UTF-16', 'Windows-1252' or
-- 'XLSX') and what separates its cells; '' where that was not kept.
ALTER TABLE staff_import ADD COLUMN encoding TEXT NOT NULL DEFAULT '';
ALTER TABLE staff_import ADD COLUMN separator TEXT NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE staff_import DROP COLUMN separator;
ALTER TABLE staff_import DROP COLUMN encoding;
