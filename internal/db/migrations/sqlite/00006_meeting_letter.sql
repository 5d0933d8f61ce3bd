-- +goose Up

-- What a trainer has been written about a trainer meeting: one row per e-mail.
-- sequence counts them for each guest, and is that of their calendar entry.
-- entry is what the entry then said, to tell whether they have to be written
-- again. failure is the mail server's last answer, failed_at tells that it was
-- final.
CREATE TABLE trainer_meeting_letter (
    meeting_id INTEGER NOT NULL REFERENCES trainer_meeting (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    entry TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    calendar TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    sent_at INTEGER,
    failed_at INTEGER,
    failure TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (meeting_id, person_id, sequence)
);
CREATE INDEX trainer_meeting_letter_person ON trainer_meeting_letter (person_id);

-- The key of the API with which somebody's system did it.
ALTER TABLE round_event ADD COLUMN token_id INTEGER REFERENCES api_token (id);

-- +goose Down

ALTER TABLE round_event DROP COLUMN token_id;
DROP TABLE trainer_meeting_letter;
