-- +goose Up

-- A group of municipalities inside a region, which plan and pay together: it is no
-- organisation of the tree, for a municipality may be in several. Who changes what hangs on it
-- counts version up first: that is the lock.
CREATE TABLE municipal_group (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    sort_key BLOB NOT NULL,
    project TEXT NOT NULL DEFAULT '',
    from_day TEXT NOT NULL,
    to_day TEXT,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    version INTEGER NOT NULL DEFAULT 1,
    CHECK (to_day IS NULL OR to_day >= from_day),
    UNIQUE (region_id, slug)
);

-- From when to when a municipality is in it.
CREATE TABLE municipal_group_member (
    id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES municipal_group (id),
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    from_day TEXT NOT NULL,
    to_day TEXT,
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    CHECK (to_day IS NULL OR to_day >= from_day),
    UNIQUE (group_id, municipality_id, from_day)
);
CREATE UNIQUE INDEX municipal_group_member_once ON municipal_group_member (group_id, municipality_id) WHERE to_day IS NULL;
CREATE INDEX municipal_group_member_municipality ON municipal_group_member (municipality_id);

-- Who administers the group or sits in its steering group, and when.
CREATE TABLE municipal_group_office (
    id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES municipal_group (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    office TEXT NOT NULL CHECK (office IN ('administrator', 'steering')),
    from_day TEXT NOT NULL,
    to_day TEXT,
    given_at INTEGER NOT NULL,
    given_by INTEGER REFERENCES person (id),
    CHECK (to_day IS NULL OR to_day >= from_day)
);
CREATE UNIQUE INDEX municipal_group_office_once ON municipal_group_office (group_id, person_id, office) WHERE to_day IS NULL;
CREATE INDEX municipal_group_office_person ON municipal_group_office (person_id);

-- How many of a hundred parts of a joint bill each member pays from a day on, all members of
-- that day; they hold until others are told from a later day.
CREATE TABLE municipal_group_share (
    group_id INTEGER NOT NULL REFERENCES municipal_group (id),
    from_day TEXT NOT NULL,
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    PRIMARY KEY (group_id, from_day, municipality_id)
);

-- How many seats in a course a member needs in a year.
CREATE TABLE municipal_group_need (
    group_id INTEGER NOT NULL REFERENCES municipal_group (id),
    year INTEGER NOT NULL,
    course_id INTEGER NOT NULL REFERENCES course (id),
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    seats INTEGER NOT NULL CHECK (seats > 0),
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    PRIMARY KEY (group_id, year, course_id, municipality_id)
);

-- +goose Down

DROP TABLE municipal_group_need;
DROP TABLE municipal_group_share;
DROP TABLE municipal_group_office;
DROP TABLE municipal_group_member;
DROP TABLE municipal_group;
