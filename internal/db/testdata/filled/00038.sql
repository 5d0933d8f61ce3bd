INSERT INTO unit_provider (id, unit_id, from_day, name, number, told_at, told_by) VALUES (1, 4, '2025-01-01', 'Omsorg i Exempel AB', '5599991238', 1736300000000000, 1);
