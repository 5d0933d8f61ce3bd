INSERT INTO reviewer (id, course_id, person_id, part, asked_at, asked_by) VALUES (1, 1, 1, 'pilot', 1708000000000000, 2);
INSERT INTO review_comment (id, reviewer_id, place, said, said_at, version) VALUES (1, 1, 'about', 'Bra', 1708000000000000, 1);
INSERT INTO review_overruled (edition_id, reason, decided_at, decided_by) VALUES (1, 'Brådskar', 1708000000000000, 1);
