-- +goose Up

-- Protected identity ("skyddade personuppgifter"). What somebody is called stands here for as
-- long as they are marked; person holds the alias by which everybody else knows them, and no
-- list of where people work has them: see employed.
CREATE TABLE protected_person (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    marked_at INTEGER NOT NULL,
    marked_by INTEGER REFERENCES person (id)
);

-- The few whom a municipality has named to look after those who are marked.
CREATE TABLE protection_guard (
    id INTEGER PRIMARY KEY,
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    from_day TEXT NOT NULL,
    to_day TEXT,
    named_at INTEGER NOT NULL,
    named_by INTEGER REFERENCES person (id),
    CHECK (to_day IS NULL OR to_day >= from_day)
);
CREATE UNIQUE INDEX protection_guard_once ON protection_guard (municipality_id, person_id) WHERE to_day IS NULL;
CREATE INDEX protection_guard_person ON protection_guard (person_id);

-- That somebody named opened what is known of the municipality's marked people, why, and
-- until when it stays open to them.
CREATE TABLE protected_look (
    id INTEGER PRIMARY KEY,
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    looked_by INTEGER NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    looked_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    CHECK (until > looked_at)
);
CREATE INDEX protected_look_municipality ON protected_look (municipality_id, looked_at);
CREATE INDEX protected_look_by ON protected_look (looked_by, until);

-- employed is employment without those who are kept back until the last of an import is
-- there, and without those who are marked: whoever lists people by where they work, or
-- says where somebody works, asks it. What must be whole and
-- shows nobody, such as money and quotas, asks employment.
DROP VIEW employed;
CREATE VIEW employed AS
SELECT id, person_id, organisation_id, region_id, municipality_id, title, form, shift, sort_key, from_day, to_day, main
FROM employment
WHERE (import_id IS NULL
OR import_id NOT IN (SELECT id FROM staff_import WHERE state = 'applying'))
AND person_id NOT IN (SELECT person_id FROM protected_person);

-- counted is employed with those who are marked, for figures: they count where five or more
-- stand together.
CREATE VIEW counted AS
SELECT id, person_id, organisation_id, region_id, municipality_id, from_day, to_day, main, person_id IN (SELECT person_id FROM protected_person) AS protected
FROM employment
WHERE import_id IS NULL
OR import_id NOT IN (SELECT id FROM staff_import WHERE state = 'applying');

-- Whose the employment is, so that a long list is counted along its index still.
DROP INDEX employment_region;
CREATE INDEX employment_region ON employment (region_id, sort_key, id, from_day, to_day, import_id, main, person_id);
DROP INDEX employment_municipality;
CREATE INDEX employment_municipality ON employment (municipality_id, sort_key, id, from_day, to_day, import_id, main, person_id);
DROP INDEX employment_organisation;
CREATE INDEX employment_organisation ON employment (organisation_id, sort_key, id, from_day, to_day, import_id, main, person_id);

-- +goose Down

DROP VIEW counted;
DROP VIEW employed;
CREATE VIEW employed AS
SELECT id, person_id, organisation_id, region_id, municipality_id, title, form, shift, sort_key, from_day, to_day, main
FROM employment
WHERE import_id IS NULL
OR import_id NOT IN (SELECT id FROM staff_import WHERE state = 'applying');
DROP TABLE protected_look;
DROP TABLE protection_guard;
UPDATE person SET
    given_name = (SELECT x.given_name FROM protected_person AS x WHERE x.person_id = person.id),
    family_name = (SELECT x.family_name FROM protected_person AS x WHERE x.person_id = person.id)
WHERE id IN (SELECT person_id FROM protected_person);
DROP TABLE protected_person;
DROP INDEX employment_region;
CREATE INDEX employment_region ON employment (region_id, sort_key, id, from_day, to_day, import_id, main);
DROP INDEX employment_municipality;
CREATE INDEX employment_municipality ON employment (municipality_id, sort_key, id, from_day, to_day, import_id, main);
DROP INDEX employment_organisation;
CREATE INDEX employment_organisation ON employment (organisation_id, sort_key, id, from_day, to_day, import_id, main);
