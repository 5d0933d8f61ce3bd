INSERT INTO trainer_before (id, person_id, course_id, region_id, recruited_on, ended_on, end_reason) SELECT 1, 1, 1, region_id, '2023-01-09', '2023-12-20', 'time' FROM organisation WHERE id = 4;
