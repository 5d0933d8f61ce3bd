INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at, marked_by) SELECT id, given_name, family_name, 3, 1736300000000000, 1 FROM person WHERE id = 2;
UPDATE person SET given_name = 'Deltagare B2C3', family_name = '' WHERE id = 2;
INSERT INTO protection_guard (id, municipality_id, person_id, from_day, named_at, named_by) VALUES (1, 3, 1, '2025-01-01', 1736300000000000, 1);
INSERT INTO protected_look (id, municipality_id, looked_by, reason, looked_at, until) VALUES (1, 3, 1, 'byter arbetsplats', 1736300000000000, 1736303600000000);
