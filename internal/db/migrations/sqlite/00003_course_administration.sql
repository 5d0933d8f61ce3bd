-- +goose Up

-- planning ---------------------------------------------------------------------

-- A room in which course days are held; cost_ore is per day. closed_on is the
-- first day on which it can no longer be booked.
CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    seats INTEGER NOT NULL CHECK (seats > 0),
    equipment TEXT NOT NULL DEFAULT '',
    accessibility TEXT NOT NULL DEFAULT '',
    cost_ore INTEGER NOT NULL DEFAULT 0 CHECK (cost_ore >= 0),
    closed_on TEXT,
    sort_key BLOB NOT NULL,
    UNIQUE (region_id, name)
);

-- version counts the changes of the plan, so that the second of two who edit at
-- the same time is told. decide_on is the day to confirm or cancel by.
ALTER TABLE round ADD COLUMN decide_on TEXT;
ALTER TABLE round ADD COLUMN withdraw_until TEXT;
ALTER TABLE round ADD COLUMN step_id INTEGER REFERENCES step (id);
ALTER TABLE round ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE round ADD COLUMN accept_hours INTEGER NOT NULL DEFAULT 48;
ALTER TABLE round ADD COLUMN copied_from INTEGER REFERENCES round (id);
-- What is ahead in a region: its lists and what waits to be done.
CREATE INDEX round_region_last ON round (region_id, last_day);

ALTER TABLE course_day ADD COLUMN room_id INTEGER REFERENCES room (id);
CREATE INDEX course_day_room ON course_day (room_id, day) WHERE room_id IS NOT NULL;
ALTER TABLE course_day ADD COLUMN link TEXT NOT NULL DEFAULT '';
-- What the day's changing codes are made of.
ALTER TABLE course_day ADD COLUMN code_secret BLOB;

CREATE TABLE catering (
    course_day_id INTEGER PRIMARY KEY REFERENCES course_day (id),
    morning BOOLEAN NOT NULL DEFAULT FALSE,
    afternoon BOOLEAN NOT NULL DEFAULT FALSE,
    trainer_lunch BOOLEAN NOT NULL DEFAULT FALSE,
    note TEXT NOT NULL DEFAULT '',
    ordered_at INTEGER,
    ordered_by INTEGER REFERENCES person (id)
);

-- Diet and access needs of somebody in a round, participant or trainer. Deleted
-- 30 days after the round's last day.
CREATE TABLE round_need (
    round_id INTEGER NOT NULL REFERENCES round (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    diet TEXT NOT NULL DEFAULT '',
    access_need TEXT NOT NULL DEFAULT '',
    told_at INTEGER NOT NULL,
    PRIMARY KEY (round_id, person_id)
);

-- sign-up ----------------------------------------------------------------------

CREATE TABLE municipality_setting (
    municipality_id INTEGER PRIMARY KEY REFERENCES organisation (id),
    manager_approves BOOLEAN NOT NULL DEFAULT FALSE,
    changed_at INTEGER NOT NULL,
    changed_by INTEGER REFERENCES person (id)
);

-- Somebody who wants a seat and has none: waiting for the manager, waiting for
-- a seat, or offered one until offer_until. The order is that of id. It ends in
-- a seat (an enrolment) or without.
CREATE TABLE queue_entry (
    id INTEGER PRIMARY KEY,
    round_id INTEGER NOT NULL REFERENCES round (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    joined_at INTEGER NOT NULL,
    joined_by INTEGER REFERENCES person (id),
    needs_manager BOOLEAN NOT NULL DEFAULT FALSE,
    allowed_at INTEGER,
    allowed_by INTEGER REFERENCES person (id),
    offered_at INTEGER,
    offer_until INTEGER,
    ended_at INTEGER,
    ended_by INTEGER REFERENCES person (id),
    ended_how TEXT CHECK (ended_how IN ('seated', 'withdrawn', 'declined', 'lapsed', 'refused', 'cancelled')),
    enrolment_id INTEGER REFERENCES enrolment (id)
);
CREATE UNIQUE INDEX queue_entry_once ON queue_entry (round_id, person_id) WHERE ended_at IS NULL;
CREATE INDEX queue_entry_round ON queue_entry (round_id, id);
CREATE INDEX queue_entry_person ON queue_entry (person_id);
CREATE INDEX queue_entry_offer ON queue_entry (offer_until) WHERE ended_at IS NULL;

-- Seats set aside for a municipality until release_on (or until released by hand).
CREATE TABLE seat_quota (
    round_id INTEGER NOT NULL REFERENCES round (id),
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    seats INTEGER NOT NULL CHECK (seats > 0),
    release_on TEXT NOT NULL,
    released_at INTEGER,
    PRIMARY KEY (round_id, municipality_id)
);

-- A seat that went to a colleague, or that was moved to another round.
ALTER TABLE enrolment ADD COLUMN replaces_id INTEGER REFERENCES enrolment (id);

-- A wish for a course without a date.
CREATE TABLE interest (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    wished_at INTEGER NOT NULL,
    wished_by INTEGER REFERENCES person (id),
    ended_at INTEGER,
    ended_how TEXT CHECK (ended_how IN ('seated', 'withdrawn'))
);
CREATE UNIQUE INDEX interest_once ON interest (person_id, course_id) WHERE ended_at IS NULL;
CREATE INDEX interest_region ON interest (region_id, course_id);

-- Who is employed in a region on a day, without a row being read: whom its
-- courses are meant for is counted person by person.
CREATE INDEX employment_region_person ON employment (region_id, person_id, from_day, to_day);

-- letters ----------------------------------------------------------------------

-- A letter about a round. kind: 'enrolled', 'cancelled', 'material', 'message',
-- 'reminder' …; subject and body are what somebody wrote, with placeholders, and
-- empty when the product wrote it. key names the occasion, so that each gives
-- one letter.
CREATE TABLE round_letter (
    id INTEGER PRIMARY KEY,
    round_id INTEGER NOT NULL REFERENCES round (id),
    kind TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('participants', 'trainers', 'person')),
    subject TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT '',
    key TEXT NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id)
);
CREATE INDEX round_letter_round ON round_letter (round_id, made_at);

-- What each recipient got: one row per e-mail. A calendar entry takes an e-mail
-- of its own, so somebody with several course days gets several parts.
-- failure is the mail server's last answer, failed_at tells that it was final.
CREATE TABLE round_letter_recipient (
    letter_id INTEGER NOT NULL REFERENCES round_letter (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    part INTEGER NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    calendar TEXT NOT NULL DEFAULT '',
    sent_at INTEGER,
    failed_at INTEGER,
    failure TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (letter_id, person_id, part)
);
CREATE INDEX round_letter_recipient_person ON round_letter_recipient (person_id);

-- The course day as it last stood in somebody's calendar by our letters. It
-- outlives the day itself, so that the entry can be taken back.
CREATE TABLE calendar_entry (
    course_day_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id),
    round_id INTEGER NOT NULL REFERENCES round (id),
    sequence INTEGER NOT NULL,
    day TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    place TEXT NOT NULL,
    link TEXT NOT NULL,
    cancelled_at INTEGER,
    PRIMARY KEY (course_day_id, person_id)
);
CREATE INDEX calendar_entry_round ON calendar_entry (round_id, person_id);

-- The round's last event that has given its letters. What happened before there
-- were letters gives none.
ALTER TABLE round ADD COLUMN letters_until INTEGER NOT NULL DEFAULT 0;
CREATE INDEX round_event_news ON round_event (round_id, id);
UPDATE round SET letters_until = COALESCE((SELECT MAX(e.id) FROM round_event AS e WHERE e.round_id = round.id), 0);

-- A file that somebody uploaded; its content is kept by its SHA-256.
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    sha256 BLOB NOT NULL,
    uploaded_at INTEGER NOT NULL,
    uploaded_by INTEGER REFERENCES person (id)
);

-- Material of an edition: a file or a link; audience says for whom.
CREATE TABLE material (
    id INTEGER PRIMARY KEY,
    edition_id INTEGER NOT NULL REFERENCES edition (id),
    audience TEXT NOT NULL CHECK (audience IN ('participants', 'trainers')),
    title TEXT NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    file_id INTEGER REFERENCES file (id),
    ordinal INTEGER NOT NULL,
    removed_at INTEGER,
    CHECK ((url = '') <> (file_id IS NULL))
);
CREATE INDEX material_edition ON material (edition_id, ordinal);

-- The day that somebody has chosen for a round's material to be sent on.
CREATE TABLE material_sending (
    round_id INTEGER PRIMARY KEY REFERENCES round (id),
    send_on TEXT NOT NULL
);

-- trainers ---------------------------------------------------------------------

ALTER TABLE day_trainer ADD COLUMN asked_at INTEGER;
ALTER TABLE day_trainer ADD COLUMN asked_by INTEGER REFERENCES person (id);
ALTER TABLE day_trainer ADD COLUMN answer TEXT CHECK (answer IN ('accepted', 'declined'));
ALTER TABLE day_trainer ADD COLUMN answered_at INTEGER;

-- Days on which a trainer cannot.
CREATE TABLE trainer_absence (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    CHECK (from_day <= to_day)
);
CREATE INDEX trainer_absence_person ON trainer_absence (person_id, from_day);

CREATE TABLE trainer_meeting (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    title TEXT NOT NULL,
    day TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    link TEXT NOT NULL DEFAULT '',
    agenda TEXT NOT NULL DEFAULT '',
    cancelled_at INTEGER,
    CHECK (starts < ends)
);
CREATE INDEX trainer_meeting_region ON trainer_meeting (region_id, day);

CREATE TABLE trainer_meeting_guest (
    meeting_id INTEGER NOT NULL REFERENCES trainer_meeting (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    answer TEXT CHECK (answer IN ('accepted', 'declined')),
    attended BOOLEAN,
    PRIMARY KEY (meeting_id, person_id)
);

-- attendance -------------------------------------------------------------------

-- Whose word a mark is: one's own, a trainer's, or a later correction. See
-- round.Counts for whose counts.
ALTER TABLE attendance ADD COLUMN source TEXT NOT NULL DEFAULT 'trainer' CHECK (source IN ('own', 'trainer', 'correction'));

-- Every mark that was sent from a list without a network, by its own key, so
-- that it counts once however often it is sent.
CREATE TABLE mark_receipt (
    mark_key TEXT PRIMARY KEY,
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id),
    mark TEXT NOT NULL,
    marked_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id),
    used BOOLEAN NOT NULL
);

-- Tries to guess a code, per person and day.
CREATE TABLE code_attempt (
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    since INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (course_day_id, person_id)
);

-- doors for machines -----------------------------------------------------------

CREATE TABLE api_token (
    id INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    used_at INTEGER,
    revoked_at INTEGER
);

-- A private calendar address, of a person or of a region.
CREATE TABLE calendar_feed (
    id INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    region_id INTEGER REFERENCES organisation (id),
    made_at INTEGER NOT NULL,
    revoked_at INTEGER
);
CREATE INDEX calendar_feed_person ON calendar_feed (person_id);

-- +goose Down

ALTER TABLE attendance DROP COLUMN source;
ALTER TABLE day_trainer DROP COLUMN answered_at;
ALTER TABLE day_trainer DROP COLUMN answer;
ALTER TABLE day_trainer DROP COLUMN asked_by;
ALTER TABLE day_trainer DROP COLUMN asked_at;
ALTER TABLE enrolment DROP COLUMN replaces_id;
ALTER TABLE course_day DROP COLUMN code_secret;
ALTER TABLE course_day DROP COLUMN link;
DROP INDEX course_day_room;
ALTER TABLE course_day DROP COLUMN room_id;
DROP INDEX round_event_news;
ALTER TABLE round DROP COLUMN letters_until;
ALTER TABLE round DROP COLUMN copied_from;
ALTER TABLE round DROP COLUMN accept_hours;
ALTER TABLE round DROP COLUMN version;
ALTER TABLE round DROP COLUMN step_id;
ALTER TABLE round DROP COLUMN withdraw_until;
ALTER TABLE round DROP COLUMN decide_on;
DROP TABLE calendar_feed;
DROP TABLE api_token;
DROP TABLE code_attempt;
DROP TABLE mark_receipt;
DROP TABLE trainer_meeting_guest;
DROP TABLE trainer_meeting;
DROP TABLE trainer_absence;
DROP TABLE material_sending;
DROP TABLE material;
DROP TABLE file;
DROP TABLE calendar_entry;
DROP TABLE round_letter_recipient;
DROP TABLE round_letter;
DROP INDEX employment_region_person;
DROP INDEX round_region_last;
DROP TABLE interest;
DROP TABLE seat_quota;
DROP TABLE queue_entry;
DROP TABLE municipality_setting;
DROP TABLE round_need;
DROP TABLE catering;
DROP TABLE room;
