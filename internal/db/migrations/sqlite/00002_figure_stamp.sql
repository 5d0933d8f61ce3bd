-- +goose Up

-- A municipality's stamp is a random number, drawn anew with every change of a
-- fact that its figures are made of: who is or was employed there, their
-- accounts, roles, steps and completions. Without one nobody was ever employed
-- there. statistics keeps what it has counted for as long as the stamp stands.
-- Random, so that neither a rolled-back change nor another database gives the
-- same one. Triggers, because a way of writing that forgot it would show old
-- figures.
CREATE TABLE figure_stamp (
    municipality_id INTEGER PRIMARY KEY REFERENCES organisation (id),
    stamp INTEGER NOT NULL
);
INSERT INTO figure_stamp (municipality_id, stamp)
SELECT e.municipality_id, random()
FROM (SELECT DISTINCT municipality_id FROM employment WHERE municipality_id IS NOT NULL) AS e;

-- +goose StatementBegin
CREATE TRIGGER employment_stamps_insert AFTER INSERT ON employment BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT new.municipality_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER employment_stamps_update AFTER UPDATE ON employment BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT old.municipality_id UNION SELECT new.municipality_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER employment_stamps_delete AFTER DELETE ON employment BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT old.municipality_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_stamps_insert AFTER INSERT ON account BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM employment AS e WHERE e.person_id = new.person_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_stamps_update AFTER UPDATE ON account BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM employment AS e WHERE e.person_id = old.person_id UNION SELECT e.municipality_id FROM employment AS e WHERE e.person_id = new.person_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_stamps_delete AFTER DELETE ON account BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM employment AS e WHERE e.person_id = old.person_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_role_stamps_insert AFTER INSERT ON account_role BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM account AS a JOIN employment AS e ON e.person_id = a.person_id WHERE a.id = new.account_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_role_stamps_update AFTER UPDATE ON account_role BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM account AS a JOIN employment AS e ON e.person_id = a.person_id WHERE a.id = old.account_id UNION SELECT e.municipality_id FROM account AS a JOIN employment AS e ON e.person_id = a.person_id WHERE a.id = new.account_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_role_stamps_delete AFTER DELETE ON account_role BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM account AS a JOIN employment AS e ON e.person_id = a.person_id WHERE a.id = old.account_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_step_stamps_insert AFTER INSERT ON account_step BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM account AS a JOIN employment AS e ON e.person_id = a.person_id WHERE a.id = new.account_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_step_stamps_update AFTER UPDATE ON account_step BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM account AS a JOIN employment AS e ON e.person_id = a.person_id WHERE a.id = old.account_id UNION SELECT e.municipality_id FROM account AS a JOIN employment AS e ON e.person_id = a.person_id WHERE a.id = new.account_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_step_stamps_delete AFTER DELETE ON account_step BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM account AS a JOIN employment AS e ON e.person_id = a.person_id WHERE a.id = old.account_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER completion_stamps_insert AFTER INSERT ON completion BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM employment AS e WHERE e.person_id = new.person_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER completion_stamps_update AFTER UPDATE ON completion BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM employment AS e WHERE e.person_id = old.person_id UNION SELECT e.municipality_id FROM employment AS e WHERE e.person_id = new.person_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER completion_stamps_delete AFTER DELETE ON completion BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT DISTINCT f.municipality_id, random() FROM (SELECT e.municipality_id FROM employment AS e WHERE e.person_id = old.person_id) AS f WHERE f.municipality_id IS NOT NULL
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
END;
-- +goose StatementEnd

-- +goose Down

DROP TRIGGER employment_stamps_insert;
DROP TRIGGER employment_stamps_update;
DROP TRIGGER employment_stamps_delete;
DROP TRIGGER account_stamps_insert;
DROP TRIGGER account_stamps_update;
DROP TRIGGER account_stamps_delete;
DROP TRIGGER account_role_stamps_insert;
DROP TRIGGER account_role_stamps_update;
DROP TRIGGER account_role_stamps_delete;
DROP TRIGGER account_step_stamps_insert;
DROP TRIGGER account_step_stamps_update;
DROP TRIGGER account_step_stamps_delete;
DROP TRIGGER completion_stamps_insert;
DROP TRIGGER completion_stamps_update;
DROP TRIGGER completion_stamps_delete;
DROP TABLE figure_stamp;
