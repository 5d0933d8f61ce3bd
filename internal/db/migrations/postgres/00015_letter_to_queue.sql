-- +goose Up

-- A letter to those who wait for a seat. Its audience is 'person', as each of them
-- is written to alone; to_queue tells that it went to all who waited.
ALTER TABLE round_letter ADD COLUMN to_queue BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down

ALTER TABLE round_letter DROP COLUMN to_queue;
