INSERT INTO unit_name (unit_id, name, until_day, changed_at, changed_by) VALUES (4, 'Hemtjänst Norr', '2025-01-07', 1736300000000000, 2);
INSERT INTO unit_closing (id, unit_id, closed_on, told_at, told_by, withdrawn_at, withdrawn_by) VALUES (1, 4, '2025-06-01', 1736300000000000, 2, 1736300000000001, 2);
