-- +goose Up

-- A form that was sent and not accepted, for as long as it may be shown again
-- with what was typed. The token is in the address of the page that shows it.
-- No person_id: whoever sent it was not signed in. No refused: nothing was wrong.
CREATE TABLE kept_form (
    token_hash BYTEA PRIMARY KEY,
    person_id BIGINT REFERENCES person (id),
    route TEXT NOT NULL,
    path TEXT NOT NULL,
    typed TEXT NOT NULL,
    refused BYTEA,
    expires_at BIGINT NOT NULL
);
CREATE INDEX kept_form_expires ON kept_form (expires_at);

-- +goose Down

DROP TABLE kept_form;
