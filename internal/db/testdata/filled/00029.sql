INSERT INTO sign_in_trouble (id, happened_at, way, cause, person_id, organisation_id, address_hash, detail, reference) VALUES (1, 1736300000000000, 'saml', 'attribute_missing', 2, 3, 'address', 'mail', 'K7P2WX');
INSERT INTO sign_in_letter (id, address_hash, person_id, code_hash, asked_at, expires_at, ended_at) VALUES (1, 'address', 2, 'code', 1736300000000000, 1736300900000000, NULL);
INSERT INTO sign_in_waiting (browser_hash, letter_id, next_path, guesses) VALUES ('browser', 1, '/rounds', 1);
INSERT INTO passkey (id, person_id, handle, credential_id, public_key, name, transports, aaguid, counter, user_present, user_verified, backup_eligible, backed_up, made_at) VALUES (1, 2, 'handle', 'credential', 'key', 'Mobilen', 'internal', 'aaguid', 3, TRUE, TRUE, TRUE, FALSE, 1736300000000000);
INSERT INTO passkey_challenge (token_hash, person_id, data, expires_at) VALUES ('challenge', 2, '{}', 1736300300000000);
