-- +goose Up

-- The folded words by which a person is found: of the name, and of the e-mail address.
-- people.KeepWords writes them beside every name; people.KeepAllWords gives them to
-- those who were there before. By bytes, so that the index serves beginnings.
CREATE TABLE person_word (
    word TEXT COLLATE "C" NOT NULL,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (word, person_id)
);
CREATE INDEX person_word_person ON person_word (person_id);

-- +goose Down

DROP TABLE person_word;
