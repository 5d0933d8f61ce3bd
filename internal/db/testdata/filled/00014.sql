INSERT INTO publication (id, day, survey_id, made_at) VALUES (1, '2024-06-30', NULL, 1719800000000000);
INSERT INTO answer_batch (id, survey_id, step_id, region_id, taken_on, national_on, regional_on) VALUES (1, 1, NULL, 2, '2024-06-30', '2024-06-30', NULL);
INSERT INTO batch_answer (batch_id, answer, answers) VALUES (1, 'mycket', 5);
INSERT INTO batch_response (response_id, batch_id) VALUES (1, 1);
INSERT INTO answer_batch (id, survey_id, step_id, region_id, taken_on) VALUES (2, NULL, 1, 2, '2025-06-30');
INSERT INTO batch_level_up (level_up_id, batch_id) VALUES (1, 2);
