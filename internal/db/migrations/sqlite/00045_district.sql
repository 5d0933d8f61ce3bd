-- +goose Up

-- A district is a unit that other units of the municipality belong to: it is renamed and
-- closed as one, people can be employed at its office, and roles are held there.
CREATE TABLE district (
    organisation_id INTEGER PRIMARY KEY REFERENCES organisation (id),
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id)
);

-- To which district a unit belongs from a day on; NULL: to none any more. It holds until
-- something else is said from a later day. What was said over anew is withdrawn and stays.
CREATE TABLE district_unit (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES organisation (id),
    from_day TEXT NOT NULL,
    district_id INTEGER REFERENCES district (organisation_id),
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    withdrawn_at INTEGER,
    withdrawn_by INTEGER REFERENCES person (id),
    CHECK (district_id <> unit_id)
);
CREATE UNIQUE INDEX district_unit_once ON district_unit (unit_id, from_day) WHERE withdrawn_at IS NULL;
CREATE INDEX district_unit_district ON district_unit (district_id) WHERE withdrawn_at IS NULL;

-- Who administers a district holds a role of its own.
CREATE TABLE role_grant_new (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('manager', 'district_admin', 'municipal_admin', 'regional', 'producer',
        'national', 'national_reader', 'operator', 'steering')),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    from_day TEXT NOT NULL,
    to_day TEXT,
    granted_at INTEGER NOT NULL,
    granted_by INTEGER REFERENCES person (id),
    CHECK (to_day IS NULL OR to_day >= from_day),
    UNIQUE (person_id, role, organisation_id, from_day)
);
INSERT INTO role_grant_new SELECT id, person_id, role, organisation_id, from_day, to_day, granted_at, granted_by FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE role_grant_new RENAME TO role_grant;

-- +goose Down

DELETE FROM role_grant WHERE role = 'district_admin';
CREATE TABLE role_grant_old (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('manager', 'municipal_admin', 'regional', 'producer',
        'national', 'national_reader', 'operator', 'steering')),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    from_day TEXT NOT NULL,
    to_day TEXT,
    granted_at INTEGER NOT NULL,
    granted_by INTEGER REFERENCES person (id),
    CHECK (to_day IS NULL OR to_day >= from_day),
    UNIQUE (person_id, role, organisation_id, from_day)
);
INSERT INTO role_grant_old SELECT id, person_id, role, organisation_id, from_day, to_day, granted_at, granted_by FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE role_grant_old RENAME TO role_grant;
DROP TABLE district_unit;
DROP TABLE district;
