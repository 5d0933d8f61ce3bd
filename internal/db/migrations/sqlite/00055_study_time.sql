-- +goose Up

-- A time of a working day that the employer has set aside for learning before or after a course
-- day, or for preparing to teach it. It is taken back by a dated fact; whether it came to be is
-- what the person says afterwards. Whoever sets times of somebody changes their row of person
-- first: that is what keeps two from overlapping.
CREATE TABLE study_time (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    employer_id INTEGER NOT NULL REFERENCES organisation (id),
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    part TEXT NOT NULL CHECK (part IN ('before', 'after', 'teaching')),
    day TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    set_by INTEGER REFERENCES person (id),
    taken_back_at INTEGER,
    taken_back_by INTEGER REFERENCES person (id),
    had BOOLEAN,
    answered_at INTEGER,
    CHECK (starts < ends),
    CHECK ((had IS NULL) = (answered_at IS NULL)),
    CHECK (had IS NULL OR taken_back_at IS NULL)
);
CREATE INDEX study_time_person ON study_time (person_id, day);
CREATE INDEX study_time_day ON study_time (course_day_id);
CREATE INDEX study_time_employer ON study_time (employer_id, day);

-- Whether a trainer prepared a course day during working hours, as they say when it was held.
CREATE TABLE trainer_preparation (
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    at_work BOOLEAN NOT NULL,
    answered_at INTEGER NOT NULL,
    PRIMARY KEY (course_day_id, person_id)
);
CREATE INDEX trainer_preparation_person ON trainer_preparation (person_id);

-- A project with money from outside for time to learn, and what each municipality in it has
-- applied for and been granted.
CREATE TABLE learning_project (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL CHECK (name <> ''),
    funder TEXT NOT NULL DEFAULT '',
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    CHECK (to_day >= from_day)
);
CREATE INDEX learning_project_region ON learning_project (region_id, from_day);

CREATE TABLE learning_project_share (
    project_id INTEGER NOT NULL REFERENCES learning_project (id),
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    applied_hours INTEGER CHECK (applied_hours >= 0),
    granted_hours INTEGER CHECK (granted_hours >= 0),
    applied_ore INTEGER CHECK (applied_ore >= 0),
    granted_ore INTEGER CHECK (granted_ore >= 0),
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    PRIMARY KEY (project_id, municipality_id)
);
CREATE INDEX learning_project_share_municipality ON learning_project_share (municipality_id);

-- +goose Down

DROP TABLE learning_project_share;
DROP TABLE learning_project;
DROP TABLE trainer_preparation;
DROP TABLE study_time;
