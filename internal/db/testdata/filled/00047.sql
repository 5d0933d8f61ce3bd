INSERT INTO history_import (id, region_id, kind, file_name, state, made_at, made_by, read_rows, added, unchanged, rejected, applied_at, applied_by) VALUES
    (1, 2, 'completions', 'genomforda.csv', 'applied', 1736300000000000, 2, 1, 0, 1, 0, 1736300001000000, 2);
INSERT INTO history_row (import_id, line, act, person_id, cells) VALUES (1, 2, 'same', 1, '{}');
INSERT INTO history_day (id, import_id, region_id, course_id, label, day, place, municipality_id, participants, attended) VALUES (1, 1, 2, 1, 'Våren 2019', '2019-03-04', 'Falun', 3, 12, 10);
INSERT INTO history_answer (id, import_id, region_id, course_id, year, question, answer, answers, ordinal) VALUES (1, 1, 2, 1, 2019, 'Hur nöjd är du?', 'Mycket nöjd', 9, 1);
