-- +goose Up

-- Why a sign-in failed, for who helps the person: for three months. organisation_id is the
-- municipality (or region) on whose side it happened; address_hash the address that was tried,
-- as a hash; detail names attributes or a number of seconds, never anybody's values; reference
-- is what the person was told to read out.
CREATE TABLE sign_in_trouble (
    id INTEGER PRIMARY KEY,
    happened_at INTEGER NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('link', 'code', 'passkey', 'oidc', 'saml', 'device', 'tablet')),
    cause TEXT NOT NULL CHECK (cause IN (
        'unknown_person', 'inactive', 'no_employment', 'attribute_missing', 'wrong_organisation', 'expired', 'used',
        'wrong_code', 'too_many', 'clock', 'signature', 'replay', 'unknown_key', 'provider_down', 'cancelled',
        'ambiguous', 'not_allowed'
    )),
    person_id INTEGER REFERENCES person (id),
    organisation_id INTEGER REFERENCES organisation (id),
    address_hash BLOB,
    detail TEXT NOT NULL DEFAULT '',
    reference TEXT NOT NULL
);
CREATE INDEX sign_in_trouble_person ON sign_in_trouble (person_id, happened_at) WHERE person_id IS NOT NULL;
CREATE INDEX sign_in_trouble_address ON sign_in_trouble (address_hash, happened_at) WHERE address_hash IS NOT NULL;
CREATE INDEX sign_in_trouble_organisation ON sign_in_trouble (organisation_id, happened_at) WHERE organisation_id IS NOT NULL;
CREATE INDEX sign_in_trouble_reference ON sign_in_trouble (reference);
CREATE INDEX sign_in_trouble_happened ON sign_in_trouble (happened_at);

-- +goose Down

DROP TABLE sign_in_trouble;
