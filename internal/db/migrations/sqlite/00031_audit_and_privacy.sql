-- +goose Up

-- What was read and changed about a person, by whom and on whose behalf. A row holds
-- identities and kinds, never names or values, so that erasing somebody leaves it as it is.
-- It refers to nobody: it outlives whom it is about. The database itself says when, so that
-- no caller can say another time. page is the pattern of the page's address.
CREATE TABLE audit_entry (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
    act TEXT NOT NULL CHECK (act IN ('read', 'changed', 'exported', 'erased', 'refused')),
    kind TEXT NOT NULL CHECK (kind <> ''),
    subject_id INTEGER NOT NULL,
    municipality_id INTEGER,
    actor_id INTEGER,
    token_id INTEGER,
    behalf_id INTEGER,
    page TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_entry_subject ON audit_entry (subject_id, id);
CREATE INDEX audit_entry_municipality ON audit_entry (municipality_id, id);

-- The rows from_id to to_id, sealed: hash is of the seal before it and the rows.
CREATE TABLE audit_seal (
    id INTEGER PRIMARY KEY,
    from_id INTEGER NOT NULL UNIQUE,
    to_id INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    hash BLOB NOT NULL,
    sealed_at INTEGER NOT NULL,
    CHECK (from_id <= to_id)
);

-- +goose StatementBegin
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'the audit is only added to');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'the audit is only added to');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_seal_stays BEFORE UPDATE ON audit_seal
BEGIN
    SELECT RAISE(ABORT, 'the audit is only added to');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_seal_is_kept BEFORE DELETE ON audit_seal
BEGIN
    SELECT RAISE(ABORT, 'the audit is only added to');
END;
-- +goose StatementEnd

-- Who has been erased, on what ground and by whom; NULL is the product itself. The row stays,
-- so that a restored database can be told whom to erase again. born_at is the person's
-- created_at, by which that database knows the same person.
CREATE TABLE erasure (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    born_at INTEGER NOT NULL,
    ground TEXT NOT NULL CHECK (ground IN ('request', 'age', 'again')),
    erased_at INTEGER NOT NULL,
    erased_by INTEGER REFERENCES person (id)
);

-- What a rule of retention has done on a day: a number, never whom.
CREATE TABLE retention_report (
    id INTEGER PRIMARY KEY,
    ran_at INTEGER NOT NULL,
    rule TEXT NOT NULL,
    handled INTEGER NOT NULL CHECK (handled >= 0)
);

-- Support asks to see the pages as a person does, and the person's answer. until is set by
-- their consent; ended_at when either of them ends it before, or says no.
CREATE TABLE support_view (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    asked_by INTEGER NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    asked_at INTEGER NOT NULL,
    consented_at INTEGER,
    until INTEGER,
    ended_at INTEGER,
    CHECK ((consented_at IS NULL) = (until IS NULL)),
    CHECK (person_id <> asked_by)
);
CREATE UNIQUE INDEX support_view_open ON support_view (person_id, asked_by) WHERE ended_at IS NULL;
CREATE INDEX support_view_asked ON support_view (asked_by, id);

-- +goose Down

DROP TABLE support_view;
DROP TABLE retention_report;
DROP TABLE erasure;
DROP TABLE audit_seal;
DROP TABLE audit_entry;
