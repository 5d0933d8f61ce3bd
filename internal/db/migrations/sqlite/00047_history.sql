-- +goose Up

-- A file of what a region did before it had the product: courses that people had completed, days
-- that were held, answers that were given. It is read whole ('ready'), then applied in short steps
-- ('applying', from next_line on) and can be taken back ('undoing'). kept is what somebody had
-- changed since and is as they made it.
CREATE TABLE history_import (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('completions', 'rounds', 'evaluations')),
    file_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'applying', 'applied', 'undoing', 'undone')),
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    read_rows INTEGER NOT NULL,
    added INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    kept INTEGER NOT NULL DEFAULT 0,
    next_line INTEGER NOT NULL DEFAULT 0,
    applied_at INTEGER,
    applied_by INTEGER REFERENCES person (id),
    undone_at INTEGER,
    undone_by INTEGER REFERENCES person (id)
);
CREATE INDEX history_import_region ON history_import (region_id, id);

-- A row of the file and what is done for it. Of people it holds their number alone; cells is what
-- else it says, as JSON. completion_id is what it came to.
CREATE TABLE history_row (
    import_id INTEGER NOT NULL REFERENCES history_import (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('add', 'same', 'reject')),
    person_id INTEGER REFERENCES person (id),
    cells TEXT NOT NULL,
    problem_column TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '',
    completion_id INTEGER REFERENCES completion (id),
    PRIMARY KEY (import_id, line)
) WITHOUT ROWID;
CREATE INDEX history_row_act ON history_row (import_id, act, line);
CREATE INDEX history_row_person ON history_row (person_id);
CREATE INDEX history_row_completion ON history_row (completion_id);

-- A day of a round that was held before, and how many of a municipality had a seat and came. No
-- seats are made of it, and nothing is charged.
CREATE TABLE history_day (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL REFERENCES history_import (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    label TEXT NOT NULL,
    day TEXT NOT NULL,
    place TEXT NOT NULL,
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    participants INTEGER NOT NULL CHECK (participants >= 0),
    attended INTEGER NOT NULL CHECK (attended BETWEEN 0 AND participants),
    withdrawn_at INTEGER
);
CREATE UNIQUE INDEX history_day_once ON history_day (region_id, course_id, label, day, municipality_id) WHERE withdrawn_at IS NULL;
CREATE INDEX history_day_import ON history_day (import_id);

-- How many gave an answer to a question about a course in a year before.
CREATE TABLE history_answer (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL REFERENCES history_import (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    year INTEGER NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    answers INTEGER NOT NULL CHECK (answers >= 0),
    ordinal INTEGER NOT NULL,
    withdrawn_at INTEGER
);
CREATE UNIQUE INDEX history_answer_once ON history_answer (region_id, course_id, year, question, answer) WHERE withdrawn_at IS NULL;
CREATE INDEX history_answer_import ON history_answer (import_id);

-- +goose Down

DROP TABLE history_answer;
DROP TABLE history_day;
DROP TABLE history_row;
DROP TABLE history_import;
