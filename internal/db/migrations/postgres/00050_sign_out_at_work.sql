-- +goose Up

-- Where a session began, when that was at a municipality's provider. work is how the session there
-- is ended, sealed; work_name and work_session are marks of what the provider calls the person and
-- the session, by which it ends ours. All three are empty for who came in otherwise.
ALTER TABLE session ADD COLUMN work TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN work_name TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN work_session TEXT NOT NULL DEFAULT '';
CREATE INDEX session_work_name ON session (work_name) WHERE work_name <> '';
CREATE INDEX session_work_session ON session (work_session) WHERE work_session <> '';

-- That the provider was told to ask anew who it is, on a device that people share.
ALTER TABLE federation_state ADD COLUMN anew BOOLEAN NOT NULL DEFAULT FALSE;

-- Somebody who has signed out here and came from their municipality's provider: work is what the
-- session had, until the provider has answered. request_id is the name of the one question that it
-- may answer (SAML), outcome what came of it.
CREATE TABLE work_sign_out (
    token_hash BYTEA PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    municipality_id BIGINT NOT NULL REFERENCES organisation (id),
    work TEXT NOT NULL,
    request_id TEXT NOT NULL DEFAULT '',
    made_at BIGINT NOT NULL,
    answered_at BIGINT,
    outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'out', 'partly', 'back', 'failed'))
);
CREATE INDEX work_sign_out_made ON work_sign_out (made_at);
CREATE INDEX work_sign_out_person ON work_sign_out (person_id);

-- What providers have said of signing out, so that none of it is taken twice: a hash of its name.
CREATE TABLE work_sign_out_heard (
    message_hash BYTEA PRIMARY KEY,
    heard_at BIGINT NOT NULL
);
CREATE INDEX work_sign_out_heard_at ON work_sign_out_heard (heard_at);

-- +goose Down

ALTER TABLE federation_state DROP COLUMN anew;

DROP TABLE work_sign_out_heard;
DROP TABLE work_sign_out;
DROP INDEX session_work_session;
DROP INDEX session_work_name;
ALTER TABLE session DROP COLUMN work_session;
ALTER TABLE session DROP COLUMN work_name;
ALTER TABLE session DROP COLUMN work;
