-- +goose Up

-- What a token opens: the API, or the door by which a personnel system keeps a
-- municipality's staff (SCIM, RFC 7644). None opens both.
ALTER TABLE api_token ADD COLUMN scope TEXT NOT NULL DEFAULT 'api' CHECK (scope IN ('api', 'scim'));

-- +goose Down

ALTER TABLE api_token DROP COLUMN scope;
