INSERT INTO audit_entry (id, at, act, kind, subject_id, municipality_id, actor_id, page) VALUES (1, 1736300000000000, 'read', 'person', 1, 3, 2, '/people/{person}');
INSERT INTO audit_seal (id, from_id, to_id, entries, hash, sealed_at) VALUES (1, 1, 1, 1, 'hash', 1736300060000000);
INSERT INTO erasure (person_id, born_at, ground, erased_at, erased_by) VALUES (1, 1700000000000000, 'request', 1736300000000000, 2);
INSERT INTO retention_report (id, ran_at, rule, handled) VALUES (1, 1736300000000000, 'people', 3);
INSERT INTO support_view (id, person_id, asked_by, reason, asked_at) VALUES (1, 1, 2, 'ser inte sin kurs', 1736300000000000);
