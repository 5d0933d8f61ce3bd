INSERT INTO work_sign_out (token_hash, person_id, municipality_id, work, request_id, made_at, answered_at, outcome) VALUES ('bytes 1', 2, 3, '', 'id-1', 1736300000000000, 1736300000000000, 'out');
INSERT INTO work_sign_out_heard (message_hash, heard_at) VALUES ('bytes 2', 1736300000000000);
