INSERT INTO staff_number (municipality_id, number, person_id) VALUES (3, '00042', 2);
INSERT INTO staff_import (id, municipality_id, file_name, ends_missing, state, made_at, made_by, employed, read_rows, added) VALUES (1, 3, 'personal.csv', FALSE, 'applied', 1736300000000000, 2, 10, 1, 1);
INSERT INTO staff_import_row (import_id, line, act, person_id, cells) VALUES (1, 2, 'add', 2, '{}');
