-- +goose Up

-- A plan that was taken away. Only one that was never published can be, and it is
-- called off, too, so that it takes nobody's time and no room.
ALTER TABLE round ADD COLUMN deleted_at INTEGER
    CHECK (deleted_at IS NULL OR published_at IS NULL AND cancelled_at IS NOT NULL);
ALTER TABLE round ADD COLUMN deleted_by INTEGER REFERENCES person (id);

-- What a course day cost, excluding VAT: a row each time that somebody wrote it. The
-- last one of a kind holds; without an amount it is not known (again).
CREATE TABLE day_cost (
    id INTEGER PRIMARY KEY,
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    kind TEXT NOT NULL CHECK (kind IN ('room', 'refreshments', 'lunch')),
    amount_ore INTEGER CHECK (amount_ore >= 0),
    written_at INTEGER NOT NULL,
    written_by INTEGER REFERENCES person (id)
);
CREATE INDEX day_cost_day ON day_cost (course_day_id, kind, id);

-- +goose Down

DROP TABLE day_cost;
ALTER TABLE round DROP COLUMN deleted_by;
ALTER TABLE round DROP COLUMN deleted_at;
