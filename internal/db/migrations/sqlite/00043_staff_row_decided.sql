-- +goose Up

-- Who has said whom a row is about that waited for a person, and when. What they said stands in
-- cells.
ALTER TABLE staff_import_row ADD COLUMN decided_at INTEGER;
ALTER TABLE staff_import_row ADD COLUMN decided_by INTEGER REFERENCES person (id);

-- +goose Down

ALTER TABLE staff_import_row DROP COLUMN decided_by;
ALTER TABLE staff_import_row DROP COLUMN decided_at;
