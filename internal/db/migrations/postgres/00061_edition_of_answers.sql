-- +goose Up

-- Answers that a publication took up together are of one edition: the one that those who answered had
-- taken (none: nobody knows). apart_on is the publication since which the answers that came into the
-- country's figure together are told apart by edition, too.
ALTER TABLE answer_batch ADD COLUMN edition_id BIGINT REFERENCES edition (id);
ALTER TABLE answer_batch ADD COLUMN apart_on DATE;

-- +goose Down

ALTER TABLE answer_batch DROP COLUMN apart_on;
ALTER TABLE answer_batch DROP COLUMN edition_id;
