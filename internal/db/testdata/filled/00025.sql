INSERT INTO person_letter (id, person_id, kind, subject, body, made_at, made_by, sent_at, failed_at, failure) VALUES (1, 1, 'circular', 'Höstens möten', 'Hej!', 1736300000000000, 2, NULL, 1736300000000001, '550 5.1.1');
INSERT INTO circular (id, subject, body, key, made_at, made_by) VALUES (1, 'Höstens möten', 'Hej!', 'test', 1736300000000000, 2);
INSERT INTO circular_region (circular_id, region_id) VALUES (1, 2);
INSERT INTO circular_recipient (circular_id, region_id, person_id, letter_id) VALUES (1, 2, 1, 1);
INSERT INTO circular_reading (circular_id, person_id, read_at) VALUES (1, 1, 1736300000000002);
