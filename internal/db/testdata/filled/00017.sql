INSERT INTO person_word (word, person_id) VALUES ('anna', 1), ('ask', 1);
