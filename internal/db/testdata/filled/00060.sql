INSERT INTO edition (id, course_id, number) VALUES (90, 1, 90);
INSERT INTO trial (id, course_id, edition_id, version, counts, started_at, started_by) VALUES (1, 1, 90, 3, TRUE, 1738000000000000, 1);
INSERT INTO trial_person (trial_id, person_id, asked_at, asked_by, before_id, grade, said, said_at) VALUES (1, 1, 1738000000000001, 1, 1, 'very_satisfied', 'Lagom svår', 1738000000000002);
