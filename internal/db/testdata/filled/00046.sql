INSERT INTO setup_letter (id, region_id, person_id, asked_at, handed_at) VALUES (1, 2, 2, 1736300000000000, 1736300001000000);
