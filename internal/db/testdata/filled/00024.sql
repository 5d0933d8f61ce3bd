INSERT INTO edition_withdrawal (id, edition_id, withdrawn_on, reason, withdrawn_at, withdrawn_by, reinstated_on, reinstated_at, reinstated_by) VALUES (1, 1, '2025-03-01', 'Ett fel i frågorna', 1740800000000000, 2, '2025-03-05', 1741150000000000, 2);
INSERT INTO course_retirement (id, course_id, from_day, reason, told_at, told_by) VALUES (1, 1, '2026-07-01', 'Ersätts', 1740800000000000, 2);
