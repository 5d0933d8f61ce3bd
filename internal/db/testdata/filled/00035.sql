INSERT INTO merger (id, kept_id, gone_id, made_at, made_by) VALUES (9001, 1, 2, 1, NULL);
INSERT INTO merger_row (merger_id, ordinal, table_name, act, row_key, before, after) VALUES (9001, 1, 'certificate', 'moved', '{"id":"1"}', '', '');
