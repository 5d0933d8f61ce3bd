INSERT INTO step_change (id, account_id, step_id, from_day, reason, told_at, told_by) VALUES (1001, 1, 2, '2025-01-08', 'ett år', 1736300000000000, 2);
