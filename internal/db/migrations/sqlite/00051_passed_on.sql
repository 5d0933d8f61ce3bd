-- +goose Up

-- The role by which another was given, where that one ends: what was given by it ends with it.
ALTER TABLE role_grant ADD COLUMN within_id INTEGER REFERENCES role_grant (id) ON DELETE SET NULL;
CREATE INDEX role_grant_within ON role_grant (within_id) WHERE within_id IS NOT NULL;

-- Who holds a role, somewhere: asked for whoever comes and on every start page.
CREATE INDEX role_grant_role ON role_grant (role, organisation_id);

-- +goose Down

DROP INDEX role_grant_role;
DROP INDEX role_grant_within;
ALTER TABLE role_grant DROP COLUMN within_id;
