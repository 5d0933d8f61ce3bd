-- +goose Up

-- From withdrawn_on nobody new begins the edition, until it is reinstated.
CREATE TABLE edition_withdrawal (
    id INTEGER PRIMARY KEY,
    edition_id INTEGER NOT NULL REFERENCES edition (id),
    withdrawn_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    withdrawn_at INTEGER NOT NULL,
    withdrawn_by INTEGER REFERENCES person (id),
    reinstated_on TEXT CHECK (reinstated_on >= withdrawn_on),
    reinstated_at INTEGER,
    reinstated_by INTEGER REFERENCES person (id),
    CHECK ((reinstated_on IS NULL) = (reinstated_at IS NULL))
);
CREATE UNIQUE INDEX edition_withdrawal_open ON edition_withdrawal (edition_id) WHERE reinstated_on IS NULL;
CREATE INDEX edition_withdrawal_edition ON edition_withdrawal (edition_id);

-- From from_day nobody is asked for the course, until it is taken up again. One that
-- was taken back never held.
CREATE TABLE course_retirement (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL REFERENCES course (id),
    from_day TEXT NOT NULL,
    reason TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    told_by INTEGER REFERENCES person (id),
    taken_back_at INTEGER,
    taken_back_by INTEGER REFERENCES person (id),
    taken_up_on TEXT CHECK (taken_up_on >= from_day),
    taken_up_at INTEGER,
    taken_up_by INTEGER REFERENCES person (id),
    CHECK ((taken_up_on IS NULL) = (taken_up_at IS NULL)),
    CHECK (taken_back_at IS NULL OR taken_up_on IS NULL)
);
CREATE UNIQUE INDEX course_retirement_open ON course_retirement (course_id) WHERE taken_back_at IS NULL AND taken_up_on IS NULL;
CREATE INDEX course_retirement_course ON course_retirement (course_id, from_day);

-- +goose Down

DROP TABLE course_retirement;
DROP TABLE edition_withdrawal;
