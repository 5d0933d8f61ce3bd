-- +goose Up

-- Who is asked to read a course's draft and say what they think: by name, or because they hold
-- a role. With its publication a review becomes that of the edition.
CREATE TABLE reviewer (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL REFERENCES course (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    part TEXT NOT NULL CHECK (part IN ('authority', 'group', 'pilot')),
    by_role BOOLEAN NOT NULL DEFAULT FALSE,
    asked_at INTEGER NOT NULL,
    asked_by INTEGER REFERENCES person (id),
    ended_at INTEGER,
    ended_by INTEGER REFERENCES person (id),
    verdict TEXT CHECK (verdict IN ('approved', 'changes')),
    verdict_at INTEGER,
    verdict_version INTEGER,
    note TEXT NOT NULL DEFAULT '',
    edition_id INTEGER REFERENCES edition (id),
    CHECK ((verdict IS NULL) = (verdict_at IS NULL))
);
CREATE UNIQUE INDEX reviewer_once ON reviewer (course_id, person_id) WHERE edition_id IS NULL;
CREATE INDEX reviewer_person ON reviewer (person_id) WHERE edition_id IS NULL;

-- What a reviewer says at a place of the draft: "about", "pack", or a task as "task:key".
CREATE TABLE review_comment (
    id INTEGER PRIMARY KEY,
    reviewer_id INTEGER NOT NULL REFERENCES reviewer (id),
    place TEXT NOT NULL,
    quote TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL CHECK (said <> ''),
    said_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    settled_at INTEGER,
    settled_by INTEGER REFERENCES person (id),
    answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX review_comment_reviewer ON review_comment (reviewer_id);

-- Why an edition was published although somebody asked for changes.
CREATE TABLE review_overruled (
    edition_id INTEGER PRIMARY KEY REFERENCES edition (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    decided_at INTEGER NOT NULL,
    decided_by INTEGER REFERENCES person (id)
);

-- +goose Down

DROP TABLE review_overruled;
DROP TABLE review_comment;
DROP TABLE reviewer;
