-- +goose Up

-- What the screen in the room shows on a course day: a step of the edition's run sheet, since
-- when, and how many minutes it was given beyond its own. version counts the moves, so that of
-- two who move it at once one is told.
CREATE TABLE day_screen (
    course_day_id INTEGER PRIMARY KEY REFERENCES course_day (id),
    edition_id INTEGER NOT NULL REFERENCES edition (id),
    step INTEGER NOT NULL CHECK (step >= 0),
    since INTEGER NOT NULL,
    extra INTEGER NOT NULL DEFAULT 0 CHECK (extra BETWEEN 0 AND 600),
    version INTEGER NOT NULL DEFAULT 1,
    moved_by INTEGER REFERENCES person (id)
);

-- A task that the group of a course day went through together, or said it had and took back:
-- of both what was said later stands. It is done for whoever is marked as there, whenever that
-- is said.
CREATE TABLE day_task (
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    task_key TEXT NOT NULL,
    done_at INTEGER NOT NULL,
    done_by INTEGER REFERENCES person (id),
    undone_at INTEGER,
    PRIMARY KEY (course_day_id, task_key)
);

-- The day on which the group did it, as long as the learner says nothing else.
ALTER TABLE progress ADD COLUMN together_day_id INTEGER REFERENCES course_day (id);
CREATE INDEX progress_together ON progress (together_day_id) WHERE together_day_id IS NOT NULL;

-- +goose Down

DROP INDEX progress_together;
ALTER TABLE progress DROP COLUMN together_day_id;
DROP TABLE day_task;
DROP TABLE day_screen;
