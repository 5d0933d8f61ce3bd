INSERT INTO municipality_fact (id, municipality_id, fact, from_day, holds, told_at, told_by) VALUES (1, 3, 'names', '2025-01-01', FALSE, 1736300000000000, 1);
