-- +goose Up

-- Why somebody left the team of a course; NULL where nobody has said.
ALTER TABLE trainer ADD COLUMN end_reason TEXT CHECK (end_reason IN ('time', 'workload', 'other_task', 'new_job', 'other'));
ALTER TABLE trainer ADD COLUMN end_word TEXT NOT NULL DEFAULT '';

-- Somebody would like to teach a course: their manager agrees or says why not, and then the region
-- takes them into the team or lets it be. They may take it back until then.
CREATE TABLE trainer_wish (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    words TEXT NOT NULL DEFAULT '',
    wished_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    agreed BOOLEAN,
    reason TEXT CHECK (reason IN ('time', 'workload', 'other_task', 'new_job', 'other')),
    reason_word TEXT NOT NULL DEFAULT '',
    answered_at INTEGER,
    answered_by INTEGER REFERENCES person (id),
    recruited BOOLEAN,
    closed_at INTEGER,
    closed_by INTEGER REFERENCES person (id),
    CHECK ((agreed IS NULL) = (answered_at IS NULL)),
    CHECK ((reason IS NOT NULL) = (agreed IS NOT NULL AND NOT agreed)),
    CHECK ((recruited IS NULL) = (closed_at IS NULL)),
    CHECK (recruited IS NULL OR agreed)
);
CREATE UNIQUE INDEX trainer_wish_once ON trainer_wish (person_id, course_id)
    WHERE withdrawn_at IS NULL AND closed_at IS NULL AND (agreed IS NULL OR agreed);
CREATE INDEX trainer_wish_region ON trainer_wish (region_id, answered_at);

-- +goose Down

DROP TABLE trainer_wish;
ALTER TABLE trainer DROP COLUMN end_word;
ALTER TABLE trainer DROP COLUMN end_reason;
