INSERT INTO organisation (id, kind, parent_id, region_id, municipality_id, slug, name, sort_key) SELECT 5, 'unit', 3, region_id, 3, 'stadsdelen', 'Stadsdelen', sort_key FROM organisation WHERE id = 4;
INSERT INTO district (organisation_id, made_at, made_by) VALUES (5, 1736300000000000, 1);
INSERT INTO district_unit (id, unit_id, from_day, district_id, told_at, told_by) VALUES (1, 4, '2025-01-01', 5, 1736300000000000, 1);
INSERT INTO role_grant (id, person_id, role, organisation_id, from_day, granted_at) VALUES (2, 1, 'district_admin', 5, '2025-01-01', 1736300000000000);
