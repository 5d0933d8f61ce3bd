INSERT INTO day_screen (course_day_id, edition_id, step, since, moved_by) VALUES (1, 1, 2, 1708000000000000, 1);
INSERT INTO day_task (course_day_id, task_key, done_at, done_by) VALUES (1, 'lasa', 1708000000000000, 1);
UPDATE progress SET together_day_id = 1 WHERE person_id = 1 AND task_id = 1;
