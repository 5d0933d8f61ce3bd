INSERT INTO sealing_key (number, id, known_at) VALUES (1, '0badcafe', 1764000000000000);
INSERT INTO personal_number (person_id, mark, key_id, coordination, told_at) SELECT MIN(id), '0123', '0badcafe', FALSE, 1764000000000000 FROM person;
