-- +goose Up

-- A membership of a team that ended before the same person came back into it: when it was, and
-- why it ended. The membership that lasts, or ended last, is in trainer.
CREATE TABLE trainer_before (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    recruited_on TEXT NOT NULL,
    ready_on TEXT,
    ended_on TEXT NOT NULL,
    end_reason TEXT,
    end_word TEXT NOT NULL DEFAULT '',
    CHECK (ended_on >= recruited_on)
);
CREATE INDEX trainer_before_region ON trainer_before (region_id, ended_on);
CREATE INDEX trainer_before_person ON trainer_before (person_id);

-- +goose Down

DROP TABLE trainer_before;
