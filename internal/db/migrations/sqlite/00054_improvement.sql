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

-- +goose Down

DROP TABLE content_wish;
DROP TABLE course_feedback;
