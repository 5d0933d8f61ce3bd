-- +goose Up

-- The folded words by which a person is found: of the name, and of the e-mail address.
-- people.KeepWords writes them beside every name; people.KeepAllWords gives them to
-- those who were there before.
CREATE TABLE person_word (
    word TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (word, person_id)
) WITHOUT ROWID;
CREATE INDEX person_word_person ON person_word (person_id);

-- +goose Down

DROP TABLE person_word;
