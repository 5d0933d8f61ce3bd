-- +goose Up

-- A municipality's stamp is a random number, drawn anew with every change of a
-- fact that its figures are made of: who is or was employed there, their
-- accounts, roles, steps and completions. Without one nobody was ever employed
-- there. statistics keeps what it has counted for as long as the stamp stands.
-- Random, so that neither a rolled-back change nor another database gives the
-- same one. Triggers, because a way of writing that forgot it would show old
-- figures.
CREATE TABLE figure_stamp (
    municipality_id BIGINT PRIMARY KEY REFERENCES organisation (id),
    stamp BIGINT NOT NULL
);
INSERT INTO figure_stamp (municipality_id, stamp)
SELECT e.municipality_id, (random() * 9007199254740992)::BIGINT
FROM (SELECT DISTINCT municipality_id FROM employment WHERE municipality_id IS NOT NULL) AS e;

-- +goose StatementBegin
CREATE FUNCTION employment_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT f.municipality_id, (random() * 9007199254740992)::BIGINT
    FROM (SELECT DISTINCT r.municipality_id FROM changed AS r WHERE r.municipality_id IS NOT NULL) AS f
    ORDER BY f.municipality_id -- the same order for everybody: no deadlock
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER employment_stamps_insert AFTER INSERT ON employment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION employment_stamps();
CREATE TRIGGER employment_stamps_before AFTER UPDATE ON employment REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION employment_stamps();
CREATE TRIGGER employment_stamps_after AFTER UPDATE ON employment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION employment_stamps();
CREATE TRIGGER employment_stamps_delete AFTER DELETE ON employment REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION employment_stamps();

-- +goose StatementBegin
CREATE FUNCTION account_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT f.municipality_id, (random() * 9007199254740992)::BIGINT
    FROM (SELECT DISTINCT e.municipality_id FROM changed AS r JOIN employment AS e ON e.person_id = r.person_id WHERE e.municipality_id IS NOT NULL) AS f
    ORDER BY f.municipality_id -- the same order for everybody: no deadlock
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER account_stamps_insert AFTER INSERT ON account REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_stamps();
CREATE TRIGGER account_stamps_before AFTER UPDATE ON account REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_stamps();
CREATE TRIGGER account_stamps_after AFTER UPDATE ON account REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_stamps();
CREATE TRIGGER account_stamps_delete AFTER DELETE ON account REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_stamps();

-- +goose StatementBegin
CREATE FUNCTION account_role_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT f.municipality_id, (random() * 9007199254740992)::BIGINT
    FROM (SELECT DISTINCT e.municipality_id FROM changed AS r JOIN account AS a ON a.id = r.account_id JOIN employment AS e ON e.person_id = a.person_id WHERE e.municipality_id IS NOT NULL) AS f
    ORDER BY f.municipality_id -- the same order for everybody: no deadlock
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER account_role_stamps_insert AFTER INSERT ON account_role REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_role_stamps();
CREATE TRIGGER account_role_stamps_before AFTER UPDATE ON account_role REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_role_stamps();
CREATE TRIGGER account_role_stamps_after AFTER UPDATE ON account_role REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_role_stamps();
CREATE TRIGGER account_role_stamps_delete AFTER DELETE ON account_role REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_role_stamps();

-- +goose StatementBegin
CREATE FUNCTION account_step_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT f.municipality_id, (random() * 9007199254740992)::BIGINT
    FROM (SELECT DISTINCT e.municipality_id FROM changed AS r JOIN account AS a ON a.id = r.account_id JOIN employment AS e ON e.person_id = a.person_id WHERE e.municipality_id IS NOT NULL) AS f
    ORDER BY f.municipality_id -- the same order for everybody: no deadlock
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER account_step_stamps_insert AFTER INSERT ON account_step REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_step_stamps();
CREATE TRIGGER account_step_stamps_before AFTER UPDATE ON account_step REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_step_stamps();
CREATE TRIGGER account_step_stamps_after AFTER UPDATE ON account_step REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_step_stamps();
CREATE TRIGGER account_step_stamps_delete AFTER DELETE ON account_step REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_step_stamps();

-- +goose StatementBegin
CREATE FUNCTION completion_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_stamp (municipality_id, stamp)
    SELECT f.municipality_id, (random() * 9007199254740992)::BIGINT
    FROM (SELECT DISTINCT e.municipality_id FROM changed AS r JOIN employment AS e ON e.person_id = r.person_id WHERE e.municipality_id IS NOT NULL) AS f
    ORDER BY f.municipality_id -- the same order for everybody: no deadlock
    ON CONFLICT (municipality_id) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER completion_stamps_insert AFTER INSERT ON completion REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION completion_stamps();
CREATE TRIGGER completion_stamps_before AFTER UPDATE ON completion REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION completion_stamps();
CREATE TRIGGER completion_stamps_after AFTER UPDATE ON completion REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION completion_stamps();
CREATE TRIGGER completion_stamps_delete AFTER DELETE ON completion REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION completion_stamps();

-- +goose Down

DROP TRIGGER employment_stamps_insert ON employment;
DROP TRIGGER employment_stamps_before ON employment;
DROP TRIGGER employment_stamps_after ON employment;
DROP TRIGGER employment_stamps_delete ON employment;
DROP FUNCTION employment_stamps();
DROP TRIGGER account_stamps_insert ON account;
DROP TRIGGER account_stamps_before ON account;
DROP TRIGGER account_stamps_after ON account;
DROP TRIGGER account_stamps_delete ON account;
DROP FUNCTION account_stamps();
DROP TRIGGER account_role_stamps_insert ON account_role;
DROP TRIGGER account_role_stamps_before ON account_role;
DROP TRIGGER account_role_stamps_after ON account_role;
DROP TRIGGER account_role_stamps_delete ON account_role;
DROP FUNCTION account_role_stamps();
DROP TRIGGER account_step_stamps_insert ON account_step;
DROP TRIGGER account_step_stamps_before ON account_step;
DROP TRIGGER account_step_stamps_after ON account_step;
DROP TRIGGER account_step_stamps_delete ON account_step;
DROP FUNCTION account_step_stamps();
DROP TRIGGER completion_stamps_insert ON completion;
DROP TRIGGER completion_stamps_before ON completion;
DROP TRIGGER completion_stamps_after ON completion;
DROP TRIGGER completion_stamps_delete ON completion;
DROP FUNCTION completion_stamps();
DROP TABLE figure_stamp;
