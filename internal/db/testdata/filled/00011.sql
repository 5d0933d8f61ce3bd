INSERT INTO reconstruction (region_id, year, source, told_at, told_by) VALUES (2, 2025, 'Årsrapporten', 1736300000000000, NULL);
