-- +goose Up

-- Some work for two employers at once. One of the employments is the main one: a person
-- has one at a time, and is counted once by it where regions or the country are counted.
-- Which one it is can change from a day: then both rows end and new ones begin. An
-- employer, a municipality or an RSS, employs somebody once at a time.
DROP VIEW employed;
ALTER TABLE employment DROP CONSTRAINT employment_person_id_from_day_key;
DROP INDEX employment_current;
DROP INDEX employment_person;
DROP INDEX employment_region_person;
DROP INDEX employment_region;
DROP INDEX employment_municipality;
DROP INDEX employment_organisation;
DROP INDEX employment_figures;
ALTER TABLE employment ADD COLUMN main BOOLEAN NOT NULL DEFAULT TRUE;
CREATE UNIQUE INDEX employment_current ON employment (person_id) WHERE to_day IS NULL AND main;
CREATE UNIQUE INDEX employment_employer ON employment (person_id, COALESCE(municipality_id, region_id)) WHERE to_day IS NULL;
CREATE UNIQUE INDEX employment_begin ON employment (person_id, from_day, COALESCE(municipality_id, region_id));
CREATE INDEX employment_person ON employment (person_id, from_day, to_day, main, region_id, municipality_id);
CREATE INDEX employment_region_person ON employment (region_id, person_id, from_day, to_day, main);
CREATE INDEX employment_region ON employment (region_id, sort_key, id, from_day, to_day, import_id, main);
CREATE INDEX employment_municipality ON employment (municipality_id, sort_key, id, from_day, to_day, import_id, main);
CREATE INDEX employment_organisation ON employment (organisation_id, sort_key, id, from_day, to_day, import_id, main);
CREATE INDEX employment_figures ON employment (municipality_id, from_day, to_day, person_id, import_id, main);
CREATE INDEX employment_second ON employment (person_id) WHERE NOT main;

-- employed is employment without those who are kept back until the last of an import is
-- there: whoever lists or counts people by where they work asks it.
CREATE VIEW employed AS
SELECT id, person_id, organisation_id, region_id, municipality_id, title, form, shift, sort_key, from_day, to_day, main
FROM employment
WHERE import_id IS NULL
OR import_id NOT IN (SELECT id FROM staff_import WHERE state = 'applying');

-- Which employer sends somebody who has two, and so pays: the municipality, or for RSS
-- staff the region. Without one it is the main employment of the day.
ALTER TABLE enrolment ADD COLUMN employer_id BIGINT REFERENCES organisation (id);
ALTER TABLE queue_entry ADD COLUMN employer_id BIGINT REFERENCES organisation (id);
ALTER TABLE day_trainer ADD COLUMN employer_id BIGINT REFERENCES organisation (id);

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
ALTER TABLE employment ADD CONSTRAINT employment_person_id_from_day_key UNIQUE (person_id, from_day);
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
