-- +goose Up

-- Answers to surveys are shown as they were published, on fixed days. A
-- publication is of all questions, or of the one survey that a source printed.
CREATE TABLE publication (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    survey_id INTEGER REFERENCES survey (id),
    made_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX publication_day ON publication (day) WHERE survey_id IS NULL;
CREATE UNIQUE INDEX publication_survey ON publication (survey_id, day) WHERE survey_id IS NOT NULL;

-- Answers to one survey, or about one step, that a publication took up together:
-- from people who were employed in the region when they answered (none: nowhere).
-- national_on and regional_on are the publications since which they count in the
-- country's figure and in the region's; none: they wait for one.
CREATE TABLE answer_batch (
    id INTEGER PRIMARY KEY,
    survey_id INTEGER REFERENCES survey (id),
    step_id INTEGER REFERENCES step (id),
    region_id INTEGER REFERENCES organisation (id),
    taken_on TEXT NOT NULL,
    national_on TEXT,
    regional_on TEXT,
    CHECK ((survey_id IS NULL) <> (step_id IS NULL)),
    CHECK (regional_on IS NULL OR region_id IS NOT NULL)
);
CREATE INDEX answer_batch_survey ON answer_batch (survey_id, taken_on) WHERE survey_id IS NOT NULL;
CREATE INDEX answer_batch_step ON answer_batch (step_id, taken_on) WHERE step_id IS NOT NULL;

-- How many of a batch gave which answer: the slug of the option, or the grade.
CREATE TABLE batch_answer (
    batch_id INTEGER NOT NULL REFERENCES answer_batch (id),
    answer TEXT NOT NULL,
    answers INTEGER NOT NULL CHECK (answers > 0),
    PRIMARY KEY (batch_id, answer)
);

-- Which answers each batch has; one without a batch waits to be taken up.
CREATE TABLE batch_response (
    response_id INTEGER PRIMARY KEY REFERENCES response (id),
    batch_id INTEGER NOT NULL REFERENCES answer_batch (id)
);
CREATE TABLE batch_level_up (
    level_up_id INTEGER PRIMARY KEY REFERENCES level_up (id),
    batch_id INTEGER NOT NULL REFERENCES answer_batch (id)
);
CREATE INDEX batch_level_up_batch ON batch_level_up (batch_id);

-- +goose Down

DROP TABLE batch_level_up;
DROP TABLE batch_response;
DROP TABLE batch_answer;
DROP TABLE answer_batch;
DROP TABLE publication;
