INSERT INTO person_change (id, person_id, given_name, family_name, email, changed_at, changed_by) VALUES (1, 1, 'Ana', 'Test', 'ana@example.org', 1736300000000000, 2);
INSERT INTO last_sign_in (person_id, at) VALUES (1, 1736300000000000);
INSERT INTO account_closure (account_id, closed_on, reopened_on, reopened_at, reopened_by) VALUES (1, '2025-01-08', '2025-01-10', 1736300000000000, 2);
