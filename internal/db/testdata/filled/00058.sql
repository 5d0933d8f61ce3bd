INSERT INTO course_feedback (id, course_id, region_id, source, theme, text, said_on, person_id, made_at, made_by, decision, answer, edition_id, decided_at, decided_by) VALUES (1, 1, 2, 'trainer', 'repeats', 'Samma sak två gånger', '2026-01-10', 1, 1736300000000000, 1, 'met', 'Vi har tagit bort det', 1, 1736300000000001, 1);
INSERT INTO content_wish (id, journey_id, subject, subject_key, region_id, person_id, wished_on) VALUES (1, 1, 'LVU', 'lvu', 2, 1, '2026-01-10');
INSERT INTO foundation (id, kind, name, name_key, link, look_on, made_at, made_by) VALUES (1, 'law', 'Socialtjänstlagen', 'socialtjänstlagen', 'https://example.org/', '2026-07-01', 1736300000000000, 1);
INSERT INTO course_foundation (course_id, foundation_id) VALUES (1, 1);
INSERT INTO foundation_change (id, foundation_id, text, link, holds_on, made_at, made_by) VALUES (1, 1, 'Ny paragraf', '', '2026-07-01', 1736300000000000, 1);
INSERT INTO foundation_task (change_id, course_id, reason, done_at, done_by, supplement, supplement_on) VALUES (1, 1, 'Rör inte kursen', 1736300000000002, 1, 'Läs det här', '2026-07-01');
INSERT INTO supplement_reading (change_id, course_id, person_id, read_at) VALUES (1, 1, 1, 1736300000000003);
