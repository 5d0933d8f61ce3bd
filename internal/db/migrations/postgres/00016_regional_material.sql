-- +goose Up

-- Material of a region is for its own rounds only; without one it is the nation's and
-- for every round. What is removed can be brought back.
ALTER TABLE material ADD COLUMN region_id BIGINT REFERENCES organisation (id);
ALTER TABLE material ADD COLUMN removed_by BIGINT REFERENCES person (id);

-- +goose Down

ALTER TABLE material DROP COLUMN removed_by;
ALTER TABLE material DROP COLUMN region_id;
