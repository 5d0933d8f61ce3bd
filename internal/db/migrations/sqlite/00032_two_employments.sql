-- +goose Up

-- Some work for two employers at once. One of the employments is the main one: a person
-- has one at a time, and is counted once by it where regions or the country are counted.
-- Which one it is can change from a day: then both rows end and new ones begin. An
-- employer, a municipality or an RSS, employs somebody once at a time.
-- SQLite takes away a constraint with the table only; without legacy_alter_table it would
-- not give the new table the old name, since the triggers of other tables read it.
PRAGMA legacy_alter_table = ON;
DROP VIEW employed;
CREATE TABLE employment_new (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    municipality_id INTEGER REFERENCES organisation (id),
    title TEXT NOT NULL DEFAULT '',
    sort_key BLOB NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    form TEXT NOT NULL DEFAULT '' CHECK (form IN ('', 'permanent', 'fixed_term', 'hourly')),
    shift TEXT NOT NULL DEFAULT '' CHECK (shift IN ('', 'day', 'evening', 'night', 'mixed')),
    import_id INTEGER REFERENCES staff_import (id),
    main BOOLEAN NOT NULL DEFAULT TRUE,
    CHECK (to_day IS NULL OR to_day >= from_day)
);
INSERT INTO employment_new (id, person_id, organisation_id, region_id, municipality_id, title, sort_key, from_day, to_day, form, shift, import_id)
SELECT id, person_id, organisation_id, region_id, municipality_id, title, sort_key, from_day, to_day, form, shift, import_id FROM employment;
DROP TABLE employment;
ALTER TABLE employment_new RENAME TO employment;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX employment_current ON employment (person_id) WHERE to_day IS NULL AND main;
CREATE UNIQUE INDEX employment_employer ON employment (person_id, COALESCE(municipality_id, region_id)) WHERE to_day IS NULL;
CREATE UNIQUE INDEX employment_begin ON employment (person_id, from_day, COALESCE(municipality_id, region_id));
CREATE INDEX employment_person ON employment (person_id, from_day, to_day, main, region_id, municipality_id);
CREATE INDEX employment_region_person ON employment (region_id, person_id, from_day, to_day, main);
CREATE INDEX employment_region ON employment (region_id, sort_key, id, from_day, to_day, import_id, main);
CREATE INDEX employment_municipality ON employment (municipality_id, sort_key, id, from_day, to_day, import_id, main);
CREATE INDEX employment_organisation ON employment (organisation_id, sort_key, id, from_day, to_day, import_id, main);
CREATE INDEX employment_figures ON employment (municipality_id, from_day, to_day, person_id, import_id, main);
CREATE INDEX employment_import ON employment (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX employment_second ON employment (person_id) WHERE NOT main;

-- +goose StatementBegin
CREATE TRIGGER employment_stamps_insert AFTER INSERT ON employment BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT new.municipality_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER employment_stamps_update AFTER UPDATE ON employment BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT old.municipality_id UNION SELECT new.municipality_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER employment_stamps_delete AFTER DELETE ON employment BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT old.municipality_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- employed is employment without those who are kept back until the last of an import is
-- there: whoever lists or counts people by where they work asks it.
CREATE VIEW employed AS
SELECT id, person_id, organisation_id, region_id, municipality_id, title, form, shift, sort_key, from_day, to_day, main
FROM employment
WHERE import_id IS NULL
OR import_id NOT IN (SELECT id FROM staff_import WHERE state = 'applying');

-- Which employer sends somebody who has two, and so pays: the municipality, or for RSS
-- staff the region. Without one it is the main employment of the day.
ALTER TABLE enrolment ADD COLUMN employer_id INTEGER REFERENCES organisation (id);
ALTER TABLE queue_entry ADD COLUMN employer_id INTEGER REFERENCES organisation (id);
ALTER TABLE day_trainer ADD COLUMN employer_id INTEGER REFERENCES organisation (id);

-- +goose Down

ALTER TABLE day_trainer DROP COLUMN employer_id;
ALTER TABLE queue_entry DROP COLUMN employer_id;
ALTER TABLE enrolment DROP COLUMN employer_id;
DROP VIEW employed;
DELETE FROM employment WHERE NOT main;
DROP INDEX employment_second;
DROP INDEX employment_employer;
DROP INDEX employment_begin;
DROP INDEX employment_current;
DROP INDEX employment_person;
DROP INDEX employment_region_person;
DROP INDEX employment_region;
DROP INDEX employment_municipality;
DROP INDEX employment_organisation;
DROP INDEX employment_figures;
ALTER TABLE employment DROP COLUMN main;
CREATE UNIQUE INDEX employment_once ON employment (person_id, from_day);
CREATE UNIQUE INDEX employment_current ON employment (person_id) WHERE to_day IS NULL;
CREATE INDEX employment_person ON employment (person_id, from_day, to_day, region_id, municipality_id);
CREATE INDEX employment_region_person ON employment (region_id, person_id, from_day, to_day);
CREATE INDEX employment_region ON employment (region_id, sort_key, id, from_day, to_day, import_id);
CREATE INDEX employment_municipality ON employment (municipality_id, sort_key, id, from_day, to_day, import_id);
CREATE INDEX employment_organisation ON employment (organisation_id, sort_key, id, from_day, to_day, import_id);
CREATE INDEX employment_figures ON employment (municipality_id, from_day, to_day, person_id, import_id);
CREATE VIEW employed AS
SELECT id, person_id, organisation_id, region_id, municipality_id, title, form, shift, sort_key, from_day, to_day
FROM employment
WHERE import_id IS NULL
OR import_id NOT IN (SELECT id FROM staff_import WHERE state = 'applying');
