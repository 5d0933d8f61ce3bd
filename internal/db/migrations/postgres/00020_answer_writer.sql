-- +goose Up

-- The opened page in which the answer was last written: whoever writes in another one
-- that does not show it is told. Empty when it is not known.
ALTER TABLE progress ADD COLUMN writer TEXT NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE progress DROP COLUMN writer;
