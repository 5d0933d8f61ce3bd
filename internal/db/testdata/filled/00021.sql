INSERT INTO day_cost (id, course_day_id, kind, amount_ore, written_at, written_by) VALUES (1, 1, 'room', 450000, 1736300000000000, 2);
