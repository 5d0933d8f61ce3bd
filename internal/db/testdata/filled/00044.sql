INSERT INTO welcome (municipality_id, person_id, made_at) VALUES (3, 2, 1736300000000000);
