-- +goose Up

-- What somebody says is wrong with what is kept about them, and of which organisation
-- the administrators are who got it.
CREATE TABLE remark (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    text TEXT NOT NULL CHECK (text <> ''),
    written_at INTEGER NOT NULL,
    done_at INTEGER,
    done_by INTEGER REFERENCES person (id)
);
CREATE INDEX remark_person ON remark (person_id, id);
CREATE INDEX remark_open ON remark (organisation_id, id) WHERE done_at IS NULL;

-- Who got it.
CREATE TABLE remark_reader (
    remark_id INTEGER NOT NULL REFERENCES remark (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (remark_id, person_id)
);

-- +goose Down

DROP TABLE remark_reader;
DROP TABLE remark;
