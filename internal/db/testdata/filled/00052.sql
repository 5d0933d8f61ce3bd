INSERT INTO municipal_group (id, region_id, slug, name, sort_key, project, from_day, made_at, made_by) SELECT 1, region_id, 'gruppen', 'Gruppen', sort_key, 'ESF', '2025-01-01', 1736300000000000, 1 FROM organisation WHERE id = 4;
INSERT INTO municipal_group_member (id, group_id, municipality_id, from_day, told_at, told_by) VALUES (1, 1, 3, '2025-01-01', 1736300000000000, 1);
INSERT INTO municipal_group_office (id, group_id, person_id, office, from_day, given_at, given_by) VALUES (1, 1, 1, 'administrator', '2025-01-01', 1736300000000000, 1);
INSERT INTO municipal_group_share (group_id, from_day, municipality_id, percent, told_at, told_by) VALUES (1, '2025-01-01', 3, 100, 1736300000000000, 1);
INSERT INTO municipal_group_need (group_id, year, course_id, municipality_id, seats, told_at, told_by) VALUES (1, 2026, 1, 3, 4, 1736300000000000, 1);
