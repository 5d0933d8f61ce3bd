-- A row or two of every table that the first version had: Anna and Bo in Falun,
-- a course with a round that was held and one that was cancelled.
INSERT INTO county (code, name) VALUES ('20', 'Dalarna');
INSERT INTO organisation (id, kind, parent_id, region_id, municipality_id, county_code, code, slug, name, sort_key) VALUES
    (1, 'nation', NULL, NULL, NULL, NULL, NULL, 'sverige', 'Sverige', 's'),
    (2, 'region', 1, 2, NULL, '20', NULL, 'dalarna', 'Dalarna', 'd'),
    (3, 'municipality', 2, 2, 3, '20', '2080', 'falun', 'Falun', 'f'),
    (4, 'unit', 3, 2, 3, '20', NULL, 'hemtjanst', 'Hemtjänst', 'h');
INSERT INTO inhabitants (municipality_id, year, people) VALUES (3, 2025, 60000);
INSERT INTO journey (id, slug, name, audience, starts_on, ordinal) VALUES (1, 'barn', 'Barn och unga', 'authority', '2020-01-01', 1);
INSERT INTO step (id, journey_id, slug, name, ordinal, over_years, up_to_years) VALUES (1, 1, 'ny', 'Ny', 1, NULL, 1), (2, 1, 'van', 'Van', 2, 1, NULL);
INSERT INTO course (id, slug, name, days, tariff_kind, sort_key) VALUES (1, 'grund', 'Grundkurs', 1, 'authority', 'g');
INSERT INTO course_journey (course_id, journey_id, step_id, ordinal) VALUES (1, 1, 1, 1);
INSERT INTO course_delivery (id, course_id, region_id, delivery, from_day) VALUES (1, 1, NULL, 'regional', '2020-01-01');
INSERT INTO edition (id, course_id, number, published_on) VALUES (1, 1, 1, '2024-01-01');
INSERT INTO person (id, given_name, family_name, email, sort_key, created_at) VALUES
    (1, 'Anna', 'Ask', 'anna@example.org', 'a', 1700000000000000),
    (2, 'Bo', 'Ek', 'bo@example.org', 'b', 1700000000000000);
INSERT INTO employment (id, person_id, organisation_id, region_id, municipality_id, title, sort_key, from_day, to_day) VALUES
    (1, 1, 4, 2, 3, 'Socialsekreterare', 'a', '2024-01-01', NULL),
    (2, 2, 4, 2, 3, 'Enhetschef', 'b', '2023-01-01', '2023-12-31'),
    (3, 2, 4, 2, 3, 'Enhetschef', 'b', '2024-01-01', NULL);
INSERT INTO role_grant (id, person_id, role, organisation_id, from_day, granted_at) VALUES (1, 2, 'manager', 4, '2024-01-01', 1704103200000000);
INSERT INTO account (id, person_id, journey_id, opened_on, opened_by) VALUES (1, 1, 1, '2024-01-08', 2), (2, 2, 1, '2024-01-08', NULL);
INSERT INTO account_role (account_id, role, from_day) VALUES (1, 'employee', '2024-01-08');
INSERT INTO account_step (account_id, step_id, from_day, to_day, reason) VALUES
    (1, 1, '2024-01-08', '2025-01-07', 'nyanställd'), (1, 2, '2025-01-08', NULL, 'ett år'), (2, 2, '2024-01-08', NULL, '');
INSERT INTO sign_in_link (token_hash, person_id, made_at, expires_at) VALUES ('link', 1, 1704700000000000, 1704700900000000);
INSERT INTO sign_in_attempt (subject_hash, since, tries) VALUES ('tries', 1704700000000000, 2);
INSERT INTO session (token_hash, data, expires_at) VALUES ('session', 'data', 1704743200000000);
INSERT INTO round (id, course_id, edition_id, region_id, label, delivery, tariff_kind, capacity, minimum, signup_from, signup_until, first_day, last_day, created_at, published_at, cancelled_at, cancel_reason) VALUES
    (1, 1, 1, 2, 'Våren', 'regional', 'authority', 22, 8, '2024-01-08', '2024-02-20', '2024-03-04', '2024-03-04', 1704700000000000, 1704700000000000, NULL, ''),
    (2, 1, 1, 2, 'Hösten', 'regional', 'authority', 22, 8, '2024-06-01', '2024-08-20', '2024-09-02', '2024-09-02', 1704700000000000, 1704700000000000, 1724000000000000, 'för få anmälda');
INSERT INTO course_day (id, round_id, ordinal, day, starts, ends, place, held_at) VALUES
    (1, 1, 1, '2024-03-04', '09:00', '16:00', 'Stora salen', 1709568000000000),
    (2, 2, 1, '2024-09-02', '09:00', '16:00', '', NULL);
INSERT INTO day_trainer (course_day_id, person_id, role, present) VALUES (1, 2, 'lead_trainer', TRUE);
INSERT INTO enrolment (id, round_id, person_id, enrolled_at, enrolled_by) VALUES (1, 1, 1, 1704800000000000, 2);
INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at, marked_by) VALUES (1, 1, 'present', 1709568000000000, 2);
INSERT INTO round_event (id, round_id, happened_at, person_id, kind) VALUES
    (7, 1, 1704700000000000, 2, 'published'), (8, 2, 1704700000000000, 2, 'published'), (9, 1, 1704800000000000, 2, 'enrolled');
INSERT INTO trainer (id, person_id, course_id, region_id, recruited_on, ready_on) VALUES (1, 2, 1, 2, '2023-01-01', '2023-06-01');
INSERT INTO completion (id, person_id, course_id, edition_id, completed_on, source, round_id, recorded_at, recorded_by) VALUES (1, 1, 1, 1, '2024-03-04', 'round', 1, 1709600000000000, 2);
INSERT INTO survey (id, kind, title, course_id) VALUES (1, 'course_evaluation', 'Kursen', 1);
INSERT INTO question (id, survey_id, ordinal, wording) VALUES (1, 1, 1, 'Hur nöjd är du?');
INSERT INTO answer_option (id, question_id, ordinal, slug, label, satisfied) VALUES (1, 1, 1, 'mycket', 'Mycket nöjd', TRUE);
INSERT INTO response (id, survey_id, person_id, answered_on, free_text) VALUES (1, 1, 1, '2024-03-05', 'Bra');
INSERT INTO response_choice (response_id, question_id, option_id) VALUES (1, 1, 1);
INSERT INTO published_result (question_id, region_id, option_id, as_of, percent_tenths, answers) VALUES (1, 2, 1, '2023-12-31', 875, 40);
INSERT INTO tariff (id, region_id, kind, from_day, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule) VALUES (1, 2, 'authority', '2024-01-01', 125000, 40000, 150, 100, 'kept');
INSERT INTO fee_exemption (course_day_id, enrolment_id, reason, granted_at, granted_by) VALUES (1, 1, 'föreläste själv', 1709600000000000, 2);
INSERT INTO settlement (id, region_id, year, settled_at, settled_by) VALUES (1, 2, 2024, 1736000000000000, 2);
INSERT INTO correction (id, settlement_id, made_at, made_by, reason) VALUES (1, 1, 1737000000000000, 2, 'ändrad närvaro');
INSERT INTO settlement_line (id, settlement_id, kind, municipality_id, course_day_id, quantity, amount_ore, correction_id) VALUES
    (1, 1, 'charge', 3, 1, 1, 125000, NULL), (2, 1, 'charge', 3, 1, -1, -125000, 1);
INSERT INTO printed_report (id, region_id, year, signed_on, evaluations_on) VALUES (1, 2, 2024, '2025-02-01', '2024-12-31');
INSERT INTO printed_figure (report_id, figure, value) VALUES (1, 'completions', 1);
