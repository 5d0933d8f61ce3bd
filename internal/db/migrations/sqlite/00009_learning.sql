-- +goose Up

-- content of courses -------------------------------------------------------------

-- What a producer is writing: the course's next edition, as one document (see
-- catalogue.Content). version counts the changes, so that the second of two who
-- edit at the same time is told.
CREATE TABLE course_draft (
    course_id INTEGER PRIMARY KEY REFERENCES course (id),
    content TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    based_on INTEGER REFERENCES edition (id),
    changed_at INTEGER NOT NULL,
    changed_by INTEGER REFERENCES person (id)
);

-- The document of a published edition. It never changes.
CREATE TABLE edition_content (
    edition_id INTEGER PRIMARY KEY REFERENCES edition (id),
    content TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    published_by INTEGER REFERENCES person (id)
);

-- The tasks of a published edition, so that progress can name them. What they
-- say stands in the document, by key. A required task must be done for the
-- course to be completed.
CREATE TABLE task (
    id INTEGER PRIMARY KEY,
    edition_id INTEGER NOT NULL REFERENCES edition (id),
    key TEXT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('preparation', 'course', 'follow_up')),
    kind TEXT NOT NULL CHECK (kind IN ('text', 'film', 'podcast', 'document', 'link', 'quiz', 'reflection', 'discussion')),
    ordinal INTEGER NOT NULL,
    required BOOLEAN NOT NULL,
    UNIQUE (edition_id, key)
);

-- learning -------------------------------------------------------------------------

-- Somebody has begun a course, in the edition that they finish it in.
CREATE TABLE study (
    person_id INTEGER NOT NULL REFERENCES person (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    edition_id INTEGER NOT NULL REFERENCES edition (id),
    started_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, course_id)
);
CREATE INDEX study_edition ON study (edition_id);

-- How far somebody has come in a task. position is seconds into a film or a
-- podcast; answer is what was answered or written; shared tells that a
-- reflection is shown to the course's trainers.
CREATE TABLE progress (
    person_id INTEGER NOT NULL REFERENCES person (id),
    task_id INTEGER NOT NULL REFERENCES task (id),
    opened_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    done_at INTEGER,
    position INTEGER NOT NULL DEFAULT 0 CHECK (position >= 0),
    answer TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    shared BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (person_id, task_id)
);
CREATE INDEX progress_task ON progress (task_id, person_id);

-- Since when somebody works in the profession of the journey: what the step
-- was proposed from.
ALTER TABLE account ADD COLUMN profession_since TEXT;

-- The mandatory answer at the gate from a step to the next (none after the last).
CREATE TABLE level_up (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    from_step_id INTEGER NOT NULL REFERENCES step (id),
    to_step_id INTEGER REFERENCES step (id),
    grade TEXT NOT NULL CHECK (grade IN ('very_good', 'fairly_good', 'neither', 'fairly_bad', 'very_bad', 'no_opinion')),
    free_text TEXT NOT NULL DEFAULT '',
    answered_on TEXT NOT NULL,
    UNIQUE (account_id, from_step_id)
);
CREATE INDEX level_up_step ON level_up (from_step_id, answered_on);

-- A certificate of a course or of a step, by the code that is printed on it.
CREATE TABLE certificate (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    completion_id INTEGER UNIQUE REFERENCES completion (id),
    level_up_id INTEGER UNIQUE REFERENCES level_up (id),
    issued_at INTEGER NOT NULL,
    CHECK ((completion_id IS NULL) <> (level_up_id IS NULL))
);
CREATE INDEX certificate_person ON certificate (person_id);

-- local delivery ---------------------------------------------------------------------

ALTER TABLE employment ADD COLUMN form TEXT NOT NULL DEFAULT '' CHECK (form IN ('', 'permanent', 'fixed_term', 'hourly'));
ALTER TABLE employment ADD COLUMN shift TEXT NOT NULL DEFAULT '' CHECK (shift IN ('', 'day', 'evening', 'night', 'mixed'));

-- Days on which somebody is on leave. Why is nobody's business.
CREATE TABLE leave (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    from_day TEXT NOT NULL,
    to_day TEXT,
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    CHECK (to_day IS NULL OR to_day >= from_day),
    UNIQUE (person_id, from_day)
);

-- A municipality's plan for a course: who is included, in which units from when.
-- No row of titles or forms means all.
CREATE TABLE rollout (
    id INTEGER PRIMARY KEY,
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    name TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    group_size INTEGER NOT NULL CHECK (group_size > 0),
    version INTEGER NOT NULL DEFAULT 1,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    ended_at INTEGER,
    CHECK (from_day <= until_day)
);
CREATE INDEX rollout_municipality ON rollout (municipality_id, course_id);

CREATE TABLE rollout_unit (
    rollout_id INTEGER NOT NULL REFERENCES rollout (id),
    unit_id INTEGER NOT NULL REFERENCES organisation (id),
    starts_on TEXT NOT NULL,
    PRIMARY KEY (rollout_id, unit_id)
);

CREATE TABLE rollout_title (
    rollout_id INTEGER NOT NULL REFERENCES rollout (id),
    title TEXT NOT NULL,
    PRIMARY KEY (rollout_id, title)
);

CREATE TABLE rollout_form (
    rollout_id INTEGER NOT NULL REFERENCES rollout (id),
    form TEXT NOT NULL CHECK (form IN ('permanent', 'fixed_term', 'hourly')),
    PRIMARY KEY (rollout_id, form)
);

CREATE TABLE rollout_trainer (
    rollout_id INTEGER NOT NULL REFERENCES rollout (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (rollout_id, person_id)
);

-- A local round (an occasion) belongs to a municipality, and when it is held at
-- the workplace to a unit of it; both are NULL for regional and national rounds.
ALTER TABLE round ADD COLUMN municipality_id INTEGER REFERENCES organisation (id);
ALTER TABLE round ADD COLUMN unit_id INTEGER REFERENCES organisation (id);
ALTER TABLE round ADD COLUMN rollout_id INTEGER REFERENCES rollout (id);
CREATE INDEX round_municipality ON round (municipality_id, last_day) WHERE municipality_id IS NOT NULL;
CREATE INDEX round_rollout ON round (rollout_id) WHERE rollout_id IS NOT NULL;

-- Who was reminded of a course, so that nobody is reminded every day.
CREATE TABLE course_reminder (
    person_id INTEGER NOT NULL REFERENCES person (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    reminded_on TEXT NOT NULL,
    reminded_by INTEGER REFERENCES person (id),
    PRIMARY KEY (person_id, course_id, reminded_on)
);

-- +goose Down

DROP TABLE course_reminder;
DROP INDEX round_rollout;
DROP INDEX round_municipality;
ALTER TABLE round DROP COLUMN rollout_id;
ALTER TABLE round DROP COLUMN unit_id;
ALTER TABLE round DROP COLUMN municipality_id;
DROP TABLE rollout_trainer;
DROP TABLE rollout_form;
DROP TABLE rollout_title;
DROP TABLE rollout_unit;
DROP TABLE rollout;
DROP TABLE leave;
ALTER TABLE employment DROP COLUMN shift;
ALTER TABLE employment DROP COLUMN form;
DROP TABLE certificate;
DROP TABLE level_up;
ALTER TABLE account DROP COLUMN profession_since;
DROP TABLE progress;
DROP TABLE study;
DROP TABLE task;
DROP TABLE edition_content;
DROP TABLE course_draft;
