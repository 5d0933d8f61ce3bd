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

-- A letter to sign in that was asked for, by a hash of the address, whether anybody has it or
-- not. Whose it is and the hash of its code are known when it is sent; ended_at is when its code
-- was used, or when what was sent stopped to hold.
CREATE TABLE sign_in_letter (
    id INTEGER PRIMARY KEY,
    address_hash BLOB NOT NULL,
    person_id INTEGER REFERENCES person (id),
    code_hash BLOB,
    asked_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
);
CREATE INDEX sign_in_letter_address ON sign_in_letter (address_hash, asked_at);
CREATE INDEX sign_in_letter_person ON sign_in_letter (person_id, asked_at) WHERE person_id IS NOT NULL;
CREATE INDEX sign_in_letter_expiry ON sign_in_letter (expires_at);

-- The browsers that wait for it, by a hash of the secret in their cookie: in these its code
-- holds. Each has guesses of its own.
CREATE TABLE sign_in_waiting (
    browser_hash BLOB NOT NULL,
    letter_id INTEGER NOT NULL REFERENCES sign_in_letter (id) ON DELETE CASCADE,
    next_path TEXT NOT NULL,
    guesses INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (browser_hash, letter_id)
);
CREATE INDEX sign_in_waiting_letter ON sign_in_waiting (letter_id);

-- The letter that a link stands in; NULL for one that was handed over otherwise.
ALTER TABLE sign_in_link ADD COLUMN letter_id INTEGER REFERENCES sign_in_letter (id);
CREATE INDEX sign_in_link_letter ON sign_in_link (letter_id) WHERE letter_id IS NOT NULL;

-- Who made a code on paper for somebody without an address; NULL for a link in a letter.
ALTER TABLE sign_in_link ADD COLUMN made_by INTEGER REFERENCES person (id);

-- A phone that is remembered: its session lasts long and opens one's own alone.
ALTER TABLE session ADD COLUMN remembered BOOLEAN NOT NULL DEFAULT FALSE;

-- A passkey of a person (W3C WebAuthn). The flags are those that its authenticator told: whether
-- it can be and is backed up, and whether it asked who holds it. counter is its count of
-- signatures, as it last told.
CREATE TABLE passkey (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    handle BLOB NOT NULL,
    credential_id BLOB NOT NULL UNIQUE,
    public_key BLOB NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    transports TEXT NOT NULL DEFAULT '',
    aaguid BLOB NOT NULL,
    attestation TEXT NOT NULL DEFAULT '',
    counter INTEGER NOT NULL,
    user_present BOOLEAN NOT NULL,
    user_verified BOOLEAN NOT NULL,
    backup_eligible BOOLEAN NOT NULL,
    backed_up BOOLEAN NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER,
    removed_at INTEGER,
    removed_by INTEGER REFERENCES person (id)
);
CREATE INDEX passkey_person ON passkey (person_id, made_at);
CREATE INDEX passkey_handle ON passkey (handle);

-- What a browser was asked to sign, once and for five minutes.
CREATE TABLE passkey_challenge (
    token_hash BLOB PRIMARY KEY,
    person_id INTEGER REFERENCES person (id),
    data TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX passkey_challenge_expiry ON passkey_challenge (expires_at);

-- +goose Down

DROP TABLE passkey_challenge;
DROP TABLE passkey;
ALTER TABLE session DROP COLUMN remembered;
ALTER TABLE sign_in_link DROP COLUMN made_by;
DROP INDEX sign_in_link_letter;
ALTER TABLE sign_in_link DROP COLUMN letter_id;
DROP TABLE sign_in_waiting;
DROP TABLE sign_in_letter;
DROP TABLE sign_in_trouble;
