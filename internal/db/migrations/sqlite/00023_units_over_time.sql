-- +goose Up

-- What a unit was called up to and including a day, before it was renamed.
CREATE TABLE unit_name (
    unit_id INTEGER NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    until_day TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by INTEGER REFERENCES person (id),
    PRIMARY KEY (unit_id, until_day)
);

-- From closed_on there is no such unit. A closing that was taken back never held.
CREATE TABLE unit_closing (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES organisation (id),
    closed_on TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    withdrawn_at INTEGER,
    withdrawn_by INTEGER REFERENCES person (id)
);
CREATE UNIQUE INDEX unit_closing_holds ON unit_closing (unit_id) WHERE withdrawn_at IS NULL;

-- +goose Down

DROP TABLE unit_closing;
DROP TABLE unit_name;
