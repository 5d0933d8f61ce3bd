INSERT INTO remark (id, person_id, organisation_id, text, written_at, done_at, done_by) VALUES (1, 1, 1, 'Jag heter Ana.', 1736300000000000, 1736300000000001, 2);
INSERT INTO remark_reader (remark_id, person_id) VALUES (1, 2);
