-- +goose Up

-- A course that comes, or a coming edition of one: planned before it can be learnt. It may be
-- planned before the course is in the catalogue; course_id ties it to it later. month is the
-- first day of the month in which it is expected. Who changes it counts version up: that is the
-- lock.
CREATE TABLE planned_course (
    id INTEGER PRIMARY KEY,
    course_id INTEGER REFERENCES course (id),
    name TEXT NOT NULL CHECK (name <> ''),
    journey_id INTEGER NOT NULL REFERENCES journey (id),
    step_id INTEGER REFERENCES step (id),
    state TEXT NOT NULL CHECK (state IN ('idea', 'study', 'writing', 'trial', 'published', 'dropped')),
    month TEXT,
    surety TEXT CHECK (surety IN ('sure', 'likely', 'unsure')),
    renews BOOLEAN NOT NULL,
    edition_id INTEGER UNIQUE REFERENCES edition (id),
    version INTEGER NOT NULL DEFAULT 1,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    CHECK ((month IS NULL) = (surety IS NULL)),
    CHECK ((state = 'published') = (edition_id IS NOT NULL))
);
-- A course has one edition at a time under way, as it has one draft.
CREATE UNIQUE INDEX planned_course_open ON planned_course (course_id) WHERE state NOT IN ('published', 'dropped');
CREATE INDEX planned_course_journey ON planned_course (journey_id);
CREATE INDEX planned_course_course ON planned_course (course_id);

-- What was planned from then on, and why it changed.
CREATE TABLE planned_course_change (
    id INTEGER PRIMARY KEY,
    planned_id INTEGER NOT NULL REFERENCES planned_course (id),
    state TEXT NOT NULL,
    month TEXT,
    surety TEXT,
    reason TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by INTEGER REFERENCES person (id)
);
CREATE INDEX planned_course_change_planned ON planned_course_change (planned_id, id);

-- What a region has decided about the letter on an edition, once: to send it or not.
CREATE TABLE edition_news (
    edition_id INTEGER NOT NULL REFERENCES edition (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    sends BOOLEAN NOT NULL,
    decided_at INTEGER NOT NULL,
    decided_by INTEGER REFERENCES person (id),
    PRIMARY KEY (edition_id, region_id)
);

-- Who got it: nobody twice, whatever regions and offices they have.
CREATE TABLE edition_news_recipient (
    edition_id INTEGER NOT NULL REFERENCES edition (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    letter_id INTEGER NOT NULL REFERENCES person_letter (id),
    PRIMARY KEY (edition_id, person_id)
);
CREATE INDEX edition_news_recipient_person ON edition_news_recipient (person_id);

-- What a course recommends before a unit starts with it: a course for who leads the unit, and a
-- start-up meeting. version as above.
CREATE TABLE launch_advice (
    course_id INTEGER PRIMARY KEY REFERENCES course (id),
    leader_course_id INTEGER REFERENCES course (id),
    meeting BOOLEAN NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    CHECK (leader_course_id <> course_id)
);

-- The start-up meeting that a unit of a municipality's plan has had.
CREATE TABLE rollout_meeting (
    rollout_id INTEGER NOT NULL REFERENCES rollout (id),
    unit_id INTEGER NOT NULL REFERENCES organisation (id),
    held_on TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    PRIMARY KEY (rollout_id, unit_id)
);

-- +goose Down

DROP TABLE rollout_meeting;
DROP TABLE launch_advice;
DROP TABLE edition_news_recipient;
DROP TABLE edition_news;
DROP TABLE planned_course_change;
DROP TABLE planned_course;
