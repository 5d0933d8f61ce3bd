INSERT INTO staff_heading (municipality_id, heading, means, told_at, told_by) VALUES (3, 'skostorlek', '-', 1736300000000000, 1);
