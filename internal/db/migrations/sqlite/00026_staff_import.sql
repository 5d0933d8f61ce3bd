-- +goose Up

-- What a municipality's personnel system calls somebody. A number is one person's for
-- good; somebody who comes back may have got another.
CREATE TABLE staff_number (
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    number TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (municipality_id, number)
) WITHOUT ROWID;
CREATE INDEX staff_number_person ON staff_number (person_id, municipality_id);

-- A file of a municipality's staff. It is read whole ('ready'), then applied step by step
-- ('applying', 'changing' from when those who came are seen), and is 'applied' when the
-- last row is. The counts are of the rows by what is done for them; employed is how many worked
-- there when the file was read.
CREATE TABLE staff_import (
    id INTEGER PRIMARY KEY,
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    journey_id INTEGER REFERENCES journey (id),
    file_name TEXT NOT NULL,
    ends_missing BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('reading', 'ready', 'applying', 'changing', 'applied', 'undoing', 'undone')),
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    employed INTEGER NOT NULL,
    read_rows INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    units_added INTEGER NOT NULL DEFAULT 0,
    next_row INTEGER NOT NULL DEFAULT 0,
    applied_at INTEGER,
    applied_by INTEGER REFERENCES person (id)
);
CREATE INDEX staff_import_municipality ON staff_import (municipality_id, id);
CREATE INDEX staff_import_applying ON staff_import (id) WHERE state = 'applying';
CREATE UNIQUE INDEX staff_import_one_at_a_time ON staff_import (municipality_id) WHERE state IN ('applying', 'changing', 'undoing');

-- A row of the file, and what is done for it. cells is what the file says, as JSON;
-- before what undoing needs to know. Whoever is missing from the file has a row after
-- its last line.
CREATE TABLE staff_import_row (
    import_id INTEGER NOT NULL REFERENCES staff_import (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('add', 'change', 'same', 'end', 'hold', 'reject')),
    person_id INTEGER REFERENCES person (id),
    cells TEXT NOT NULL,
    problem_column TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '',
    before TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (import_id, line)
) WITHOUT ROWID;
CREATE INDEX staff_import_row_act ON staff_import_row (import_id, act, line);
CREATE INDEX staff_import_row_person ON staff_import_row (person_id);

-- Those who come by an import are kept back until the last of them is there. employed is
-- employment without them: whoever lists or counts people by where they work asks it.
ALTER TABLE employment ADD COLUMN import_id INTEGER REFERENCES staff_import (id);
DROP INDEX employment_region;
DROP INDEX employment_municipality;
DROP INDEX employment_organisation;
DROP INDEX employment_figures;
CREATE INDEX employment_region ON employment (region_id, sort_key, id, from_day, to_day, import_id);
CREATE INDEX employment_municipality ON employment (municipality_id, sort_key, id, from_day, to_day, import_id);
CREATE INDEX employment_organisation ON employment (organisation_id, sort_key, id, from_day, to_day, import_id);
CREATE INDEX employment_figures ON employment (municipality_id, from_day, to_day, person_id, import_id);
CREATE INDEX employment_import ON employment (import_id) WHERE import_id IS NOT NULL;
CREATE VIEW employed AS
SELECT id, person_id, organisation_id, region_id, municipality_id, title, form, shift, sort_key, from_day, to_day
FROM employment
WHERE import_id IS NULL
OR import_id NOT IN (SELECT id FROM staff_import WHERE state = 'applying');

-- +goose Down

DROP VIEW employed;
DROP INDEX employment_import;
DROP INDEX employment_region;
DROP INDEX employment_municipality;
DROP INDEX employment_organisation;
DROP INDEX employment_figures;
CREATE INDEX employment_region ON employment (region_id, sort_key, id, from_day, to_day);
CREATE INDEX employment_municipality ON employment (municipality_id, sort_key, id, from_day, to_day);
CREATE INDEX employment_organisation ON employment (organisation_id, sort_key, id, from_day, to_day);
CREATE INDEX employment_figures ON employment (municipality_id, from_day, to_day, person_id);
ALTER TABLE employment DROP COLUMN import_id;
DROP TABLE staff_import_row;
DROP TABLE staff_import;
DROP TABLE staff_number;
