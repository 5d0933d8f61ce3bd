-- +goose Up

-- What is said of a municipality from a day on: that it has joined the programme, and that its
-- region may see the names of its people. It holds until something else is said from a later
-- day; what nothing is said of holds. What was said over anew is withdrawn and stays.
CREATE TABLE municipality_fact (
    id INTEGER PRIMARY KEY,
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    fact TEXT NOT NULL CHECK (fact IN ('joined', 'names')),
    from_day TEXT NOT NULL,
    holds BOOLEAN NOT NULL,
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    withdrawn_at INTEGER,
    withdrawn_by INTEGER REFERENCES person (id)
);
CREATE UNIQUE INDEX municipality_fact_once ON municipality_fact (municipality_id, fact, from_day) WHERE withdrawn_at IS NULL;

-- +goose Down

DROP TABLE municipality_fact;
