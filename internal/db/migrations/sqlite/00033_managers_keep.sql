-- +goose Up

-- Whether a municipality's managers add, end and correct the people of their own units.
-- NULL until somebody has said: then they do while the municipality has no administrator.
ALTER TABLE municipality_setting ADD COLUMN managers_keep BOOLEAN;

-- +goose Down

ALTER TABLE municipality_setting DROP COLUMN managers_keep;
