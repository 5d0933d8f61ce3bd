-- +goose Up

-- The keys that values of this database have been sealed with, in the order in which they came.
-- The keys themselves stand in a file beside the database.
CREATE TABLE sealing_key (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    known_at INTEGER NOT NULL
);

-- Since when nothing is left in clear in the files of the database.
CREATE TABLE sealing (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    swept_at INTEGER
);
INSERT INTO sealing (id, swept_at) VALUES (1, NULL);

-- A keyed mark of somebody's personal identity number, by which a file of staff finds them. The
-- number itself is nowhere. Somebody with a co-ordination number may get a personal number later
-- and then has both.
CREATE TABLE personal_number (
    person_id INTEGER NOT NULL REFERENCES person (id),
    mark BLOB NOT NULL,
    key_id TEXT NOT NULL,
    coordination BOOLEAN NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, mark)
);
CREATE INDEX personal_number_mark ON personal_number (mark);

-- +goose Down

-- What is sealed stays so: the program before this one cannot read it.
DROP TABLE personal_number;
DROP TABLE sealing;
DROP TABLE sealing_key;
