-- +goose Up

-- What somebody has said of a course that could be better, and what came of it: met by an edition,
-- or turned down. person_id is who said it and can be told; NULL for those who gave no name. Who
-- decides counts version up: that is the lock.
CREATE TABLE course_feedback (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL REFERENCES course (id),
    region_id INTEGER REFERENCES organisation (id),
    source TEXT NOT NULL CHECK (source IN ('evaluation', 'learner', 'trainer', 'support', 'group')),
    theme TEXT NOT NULL CHECK (theme IN ('content', 'repeats', 'level', 'layout', 'language', 'fault', 'other')),
    text TEXT NOT NULL CHECK (text <> ''),
    said_on TEXT NOT NULL,
    person_id INTEGER REFERENCES person (id),
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    decision TEXT NOT NULL DEFAULT 'open' CHECK (decision IN ('open', 'next', 'met', 'declined')),
    answer TEXT NOT NULL DEFAULT '',
    edition_id INTEGER REFERENCES edition (id),
    decided_at INTEGER,
    decided_by INTEGER REFERENCES person (id),
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((decision = 'met') = (edition_id IS NOT NULL)),
    CHECK ((decision = 'open') = (decided_at IS NULL))
);
CREATE INDEX course_feedback_course ON course_feedback (course_id, decision);
CREATE INDEX course_feedback_person ON course_feedback (person_id);

-- What people wish that a course were about: a subject in a journey, counted by region (annual
-- report 2025, S1:311).
CREATE TABLE content_wish (
    id INTEGER PRIMARY KEY,
    journey_id INTEGER NOT NULL REFERENCES journey (id),
    subject TEXT NOT NULL CHECK (subject <> ''),
    subject_key TEXT NOT NULL,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    wished_on TEXT NOT NULL,
    UNIQUE (person_id, journey_id, subject_key)
);
CREATE INDEX content_wish_journey ON content_wish (journey_id, subject_key);

-- What a course builds on: a law, guideline or knowledge support, with the day to look at it again.
CREATE TABLE foundation (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('law', 'guideline', 'support')),
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL UNIQUE,
    link TEXT NOT NULL DEFAULT '',
    look_on TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id)
);
CREATE TABLE course_foundation (
    course_id INTEGER NOT NULL REFERENCES course (id),
    foundation_id INTEGER NOT NULL REFERENCES foundation (id),
    PRIMARY KEY (course_id, foundation_id)
);
CREATE INDEX course_foundation_foundation ON course_foundation (foundation_id);

-- A change of it, told once; each course that builds on it has a task from then on, until an edition
-- meets it or somebody says why it need not be met. supplement is what those who have taken or begun an
-- older edition are told of it.
CREATE TABLE foundation_change (
    id INTEGER PRIMARY KEY,
    foundation_id INTEGER NOT NULL REFERENCES foundation (id),
    text TEXT NOT NULL CHECK (text <> ''),
    link TEXT NOT NULL DEFAULT '',
    holds_on TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id)
);
CREATE TABLE foundation_task (
    change_id INTEGER NOT NULL REFERENCES foundation_change (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    edition_id INTEGER REFERENCES edition (id),
    reason TEXT NOT NULL DEFAULT '',
    done_at INTEGER,
    done_by INTEGER REFERENCES person (id),
    supplement TEXT NOT NULL DEFAULT '',
    supplement_link TEXT NOT NULL DEFAULT '',
    supplement_on TEXT,
    PRIMARY KEY (change_id, course_id),
    CHECK ((done_at IS NULL) = (edition_id IS NULL AND reason = ''))
);
CREATE INDEX foundation_task_course ON foundation_task (course_id);
CREATE TABLE supplement_reading (
    change_id INTEGER NOT NULL,
    course_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id),
    read_at INTEGER NOT NULL,
    PRIMARY KEY (change_id, course_id, person_id),
    FOREIGN KEY (change_id, course_id) REFERENCES foundation_task (change_id, course_id)
);
CREATE INDEX supplement_reading_person ON supplement_reading (person_id);

-- +goose Down

DROP TABLE supplement_reading;
DROP TABLE foundation_task;
DROP TABLE foundation_change;
DROP TABLE course_foundation;
DROP TABLE foundation;
DROP TABLE content_wish;
DROP TABLE course_feedback;
