INSERT INTO study_time (id, person_id, employer_id, course_day_id, part, day, starts, ends, set_at, set_by, had, answered_at) VALUES (1, 1, 3, 1, 'before', '2024-03-01', '13:00', '15:00', 1709000000000000, 2, TRUE, 1709400000000000);
INSERT INTO trainer_preparation (course_day_id, person_id, at_work, answered_at) VALUES (1, 2, FALSE, 1709700000000000);
INSERT INTO learning_project (id, region_id, name, funder, from_day, to_day, made_at, made_by) VALUES (1, 2, 'Projektet', 'ESF', '2024-01-01', '2024-12-31', 1709000000000000, 2);
INSERT INTO learning_project_share (project_id, municipality_id, applied_hours, granted_hours, applied_ore, told_at, told_by) VALUES (1, 3, 100, 80, 1000000, 1709000000000000, 2);
