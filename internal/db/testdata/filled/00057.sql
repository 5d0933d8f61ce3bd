INSERT INTO planned_course (id, course_id, name, journey_id, step_id, state, month, surety, renews, edition_id, made_at, made_by) VALUES (1, NULL, 'Nästa kurs', 1, 1, 'writing', '2026-03-01', 'likely', FALSE, NULL, 1736300000000000, 1);
INSERT INTO planned_course_change (id, planned_id, state, month, surety, reason, changed_at, changed_by) VALUES (1, 1, 'writing', '2026-03-01', 'likely', 'Fler ska hinna läsa', 1736300000000000, 1);
INSERT INTO edition_news (edition_id, region_id, sends, decided_at, decided_by) VALUES (1, 2, TRUE, 1736300000000000, 1);
INSERT INTO edition_news_recipient (edition_id, person_id, region_id, letter_id) VALUES (1, 1, 2, 1);
INSERT INTO launch_advice (course_id, leader_course_id, meeting, told_at, told_by) VALUES (1, NULL, TRUE, 1736300000000000, 1);
INSERT INTO rollout_meeting (rollout_id, unit_id, held_on, told_at, told_by) VALUES (1, 4, '2026-03-01', 1736300000000000, 1);
