-- +goose Up

-- A plan that was taken away. Only one that was never published can be, and it is
-- called off, too, so that it takes nobody's time and no room.
ALTER TABLE round ADD COLUMN deleted_at BIGINT
    CHECK (deleted_at IS NULL OR published_at IS NULL AND cancelled_at IS NOT NULL);
ALTER TABLE round ADD COLUMN deleted_by BIGINT REFERENCES person (id);

-- +goose Down

ALTER TABLE round DROP COLUMN deleted_by;
ALTER TABLE round DROP COLUMN deleted_at;
