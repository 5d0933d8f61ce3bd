INSERT INTO tablet (id, unit_id, name, secret_hash, made_at, made_by) VALUES (1, 4, 'Personalrummet', 'x', 1736300000000000, 1);
INSERT INTO tablet_code (person_id, code_hash, made_at) VALUES (2, 'x', 1736300000000000);
