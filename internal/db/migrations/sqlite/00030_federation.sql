-- +goose Up

-- How a municipality's people sign in with the account that they have at work: by OpenID
-- Connect or SAML 2.0, one way for each municipality. issuer is the provider's own name
-- (OIDC's issuer, SAML's entityID). metadata is what the provider says of itself (SAML), as it
-- was read last; metadata_address is where it is read anew, metadata_signers the certificates
-- by which it must be signed there (those of a federation). subject_from is the attribute that
-- names a person for good; empty: the persistent NameID, or OIDC's "sub". vouches says that
-- the municipality answers for the e-mail addresses of its domains, makes_accounts that
-- whoever it lets in and is not known is added. on_at is since when it is open to all.
CREATE TABLE federation_provider (
    municipality_id INTEGER PRIMARY KEY REFERENCES organisation (id),
    kind TEXT NOT NULL CHECK (kind IN ('oidc', 'saml')),
    issuer TEXT NOT NULL CHECK (issuer <> ''),
    client_id TEXT NOT NULL DEFAULT '',
    client_secret TEXT NOT NULL DEFAULT '',
    metadata TEXT NOT NULL DEFAULT '',
    metadata_address TEXT NOT NULL DEFAULT '',
    metadata_signers TEXT NOT NULL DEFAULT '',
    metadata_tried_at INTEGER NOT NULL DEFAULT 0,
    subject_from TEXT NOT NULL DEFAULT '',
    vouches BOOLEAN NOT NULL,
    makes_accounts BOOLEAN NOT NULL,
    on_at INTEGER,
    changed_at INTEGER NOT NULL,
    changed_by INTEGER REFERENCES person (id)
);

-- The domains of e-mail addresses and scopes that the municipality answers for: each is one
-- municipality's.
CREATE TABLE federation_domain (
    domain TEXT PRIMARY KEY,
    municipality_id INTEGER NOT NULL REFERENCES federation_provider (municipality_id)
);
CREATE INDEX federation_domain_municipality ON federation_domain (municipality_id);

-- A sign-in under way: what was asked of the provider, by which browser, and the one answer.
-- tester_id is the administrator who only tries. report is what came, without values.
CREATE TABLE federation_state (
    state_hash BLOB PRIMARY KEY,
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    browser_hash BLOB NOT NULL,
    request_id TEXT NOT NULL,
    secret TEXT NOT NULL,
    next_path TEXT NOT NULL,
    tester_id INTEGER REFERENCES person (id),
    made_at INTEGER NOT NULL,
    answered_at INTEGER,
    person_id INTEGER REFERENCES person (id),
    cause TEXT NOT NULL DEFAULT '',
    reference TEXT NOT NULL DEFAULT '',
    report TEXT NOT NULL DEFAULT '',
    used_at INTEGER
);
CREATE INDEX federation_state_made ON federation_state (made_at);
CREATE INDEX federation_state_tester ON federation_state (tester_id) WHERE tester_id IS NOT NULL;
CREATE INDEX federation_state_person ON federation_state (person_id) WHERE person_id IS NOT NULL;

-- Who somebody is at their municipality's provider: its name, and its name for the person,
-- letter by letter. A name that is new each time (a transient NameID) is never here.
CREATE TABLE federation_identity (
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (subject <> ''),
    person_id INTEGER NOT NULL REFERENCES person (id),
    made_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (municipality_id, issuer, subject)
);
CREATE UNIQUE INDEX federation_identity_person ON federation_identity (person_id, municipality_id, issuer);

-- The one key with which we sign what we ask of SAML providers, and its certificate.
CREATE TABLE federation_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    private_key BLOB NOT NULL,
    certificate BLOB NOT NULL,
    made_at INTEGER NOT NULL
);

-- +goose Down

DROP TABLE federation_key;
DROP TABLE federation_identity;
DROP TABLE federation_state;
DROP TABLE federation_domain;
DROP TABLE federation_provider;
