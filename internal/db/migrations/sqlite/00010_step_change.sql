-- +goose Up

-- What has been said of an account's step: to which, from which day, by whom and
-- why, none of it ever changed. account_step tells which step holds; a step that
-- was replaced by a later word is only here. No step_id: the step was taken away.
-- No told_at: it was set when the account was opened. No told_by: the product did
-- it, when somebody levelled up.
CREATE TABLE step_change (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    step_id INTEGER REFERENCES step (id),
    from_day TEXT NOT NULL,
    reason TEXT NOT NULL,
    told_at INTEGER,
    told_by INTEGER REFERENCES person (id)
);
CREATE INDEX step_change_account ON step_change (account_id);
INSERT INTO step_change (account_id, step_id, from_day, reason, told_by)
SELECT t.account_id, t.step_id, t.from_day, t.reason, a.opened_by
FROM account_step AS t
JOIN account AS a ON a.id = t.account_id
ORDER BY t.account_id, t.from_day;

-- +goose Down

DROP TABLE step_change;
