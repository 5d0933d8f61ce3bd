INSERT INTO kept_form (token_hash, person_id, route, path, typed, refused, expires_at) VALUES ('form', 1, 'POST /rooms/{room}', '/rooms/1', 'name=Sal', 'refused', 1736300000000000);
