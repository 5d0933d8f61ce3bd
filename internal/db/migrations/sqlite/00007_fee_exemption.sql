-- +goose Up

-- An exemption that is taken back keeps its row, with who took it back and when:
-- money that was charged after all shall have a history.
CREATE TABLE fee_exemption_new (
    id INTEGER PRIMARY KEY,
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id),
    reason TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    granted_by INTEGER REFERENCES person (id),
    withdrawn_at INTEGER,
    withdrawn_by INTEGER REFERENCES person (id)
);
INSERT INTO fee_exemption_new (course_day_id, enrolment_id, reason, granted_at, granted_by)
SELECT course_day_id, enrolment_id, reason, granted_at, granted_by FROM fee_exemption;
DROP TABLE fee_exemption;
ALTER TABLE fee_exemption_new RENAME TO fee_exemption;
CREATE UNIQUE INDEX fee_exemption_holds ON fee_exemption (course_day_id, enrolment_id) WHERE withdrawn_at IS NULL;

-- +goose Down
CREATE TABLE fee_exemption_old (
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id),
    reason TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    granted_by INTEGER REFERENCES person (id),
    PRIMARY KEY (course_day_id, enrolment_id)
);
INSERT INTO fee_exemption_old (course_day_id, enrolment_id, reason, granted_at, granted_by)
SELECT course_day_id, enrolment_id, reason, granted_at, granted_by FROM fee_exemption WHERE withdrawn_at IS NULL;
DROP TABLE fee_exemption;
ALTER TABLE fee_exemption_old RENAME TO fee_exemption;
