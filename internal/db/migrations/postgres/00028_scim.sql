-- +goose Up

-- What a municipality's personnel system says of somebody beside what is kept of everybody.
-- user_name is NULL while it follows the e-mail address; user_name_key is it in small letters.
-- deleted_employment_id is the employment with which the personnel system deleted them: until
-- they are employed anew it is told of nobody. (No reference: that employment may be corrected
-- away, and then nothing is deleted.)
CREATE TABLE scim_user (
    municipality_id BIGINT NOT NULL REFERENCES organisation (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    user_name TEXT,
    user_name_key TEXT,
    external_id TEXT,
    employee_number TEXT,
    changed_at BIGINT NOT NULL,
    deleted_employment_id BIGINT,
    PRIMARY KEY (municipality_id, person_id)
);
CREATE INDEX scim_user_person ON scim_user (person_id);
CREATE UNIQUE INDEX scim_user_name ON scim_user (municipality_id, user_name_key);
CREATE UNIQUE INDEX scim_user_external ON scim_user (municipality_id, external_id);
CREATE INDEX scim_user_deleted ON scim_user (deleted_employment_id) WHERE deleted_employment_id IS NOT NULL;

-- +goose Down

DROP TABLE scim_user;
