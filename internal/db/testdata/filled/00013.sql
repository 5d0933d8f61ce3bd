INSERT INTO write_check (id, checked_at) VALUES (1, 1736300000000000);
