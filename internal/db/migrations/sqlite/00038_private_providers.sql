-- +goose Up

-- Which company runs a unit from a day on, for the municipality that the unit is in; name ''
-- is the municipality itself, which runs what nothing is said of. number is the company's
-- organisation number, ten digits, or '' for a sole trader, whose number is a personal
-- identity number. What was said over anew is withdrawn and stays.
CREATE TABLE unit_provider (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES organisation (id),
    from_day TEXT NOT NULL,
    name TEXT NOT NULL,
    number TEXT NOT NULL DEFAULT '',
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    withdrawn_at INTEGER,
    withdrawn_by INTEGER REFERENCES person (id),
    CHECK (name <> '' OR number = '')
);
CREATE UNIQUE INDEX unit_provider_once ON unit_provider (unit_id, from_day) WHERE withdrawn_at IS NULL;

-- +goose Down

DROP TABLE unit_provider;
