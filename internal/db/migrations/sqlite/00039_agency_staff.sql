-- +goose Up

-- The staffing agency that somebody comes from for an employment; '' for those whom the
-- municipality employs itself. Such an employment has a last day.
ALTER TABLE employment ADD COLUMN agency TEXT NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE employment DROP COLUMN agency;
