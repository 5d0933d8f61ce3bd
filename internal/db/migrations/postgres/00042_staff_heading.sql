-- +goose Up

-- What a heading means in a municipality's files of staff that is not known by itself, as an
-- administrator has said: a column, or '-' for one that is not read. The heading is folded.
CREATE TABLE staff_heading (
    municipality_id BIGINT NOT NULL REFERENCES organisation (id),
    heading TEXT NOT NULL,
    means TEXT NOT NULL CHECK (means <> ''),
    told_at BIGINT NOT NULL,
    told_by BIGINT REFERENCES person (id),
    PRIMARY KEY (municipality_id, heading)
);

-- What the headings of the file meant that are not known by themselves, as JSON.
ALTER TABLE staff_import ADD COLUMN headings TEXT NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE staff_import DROP COLUMN headings;
DROP TABLE staff_heading;
