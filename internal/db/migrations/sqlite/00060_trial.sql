-- +goose Up

-- An edition that is tried before it is published has no day. The column cannot be changed where it
-- stands.
ALTER TABLE edition ADD COLUMN out_on TEXT;
UPDATE edition SET out_on = published_on;
ALTER TABLE edition DROP COLUMN published_on;
ALTER TABLE edition RENAME COLUMN out_on TO published_on;

-- A draft as it was when a group began to try it. counts tells whether who completes the course in
-- it has completed it; version is the draft's; became_id is the edition that was published after it, its own when the
-- draft was thrown away.
CREATE TABLE trial (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL REFERENCES course (id),
    edition_id INTEGER NOT NULL UNIQUE REFERENCES edition (id),
    version INTEGER NOT NULL,
    counts BOOLEAN NOT NULL,
    started_at INTEGER NOT NULL,
    started_by INTEGER REFERENCES person (id),
    ended_at INTEGER,
    ended_by INTEGER REFERENCES person (id),
    became_id INTEGER REFERENCES edition (id)
);
CREATE UNIQUE INDEX trial_open ON trial (course_id) WHERE ended_at IS NULL;

-- Who is asked to try it, and who tries it in a round and has said what they think: nobody asked
-- them. before_id is the edition that they had completed the course in.
CREATE TABLE trial_person (
    trial_id INTEGER NOT NULL REFERENCES trial (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    asked_at INTEGER,
    asked_by INTEGER REFERENCES person (id),
    left_at INTEGER,
    before_id INTEGER REFERENCES edition (id),
    grade TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '',
    said_at INTEGER,
    PRIMARY KEY (trial_id, person_id)
);
CREATE INDEX trial_person_person ON trial_person (person_id);

-- What somebody says of a task while they try it is a comment of a reviewer who reads no draft. It
-- has no name, also when the same person reviews the draft.
ALTER TABLE reviewer ADD COLUMN in_trial BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE review_comment ADD COLUMN in_trial BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down

ALTER TABLE review_comment DROP COLUMN in_trial;
ALTER TABLE reviewer DROP COLUMN in_trial;
DROP TABLE trial_person;
DROP TABLE trial;
ALTER TABLE edition ADD COLUMN out_on TEXT NOT NULL DEFAULT '';
UPDATE edition SET out_on = COALESCE(published_on, '9999-12-31');
ALTER TABLE edition DROP COLUMN published_on;
ALTER TABLE edition RENAME COLUMN out_on TO published_on;
