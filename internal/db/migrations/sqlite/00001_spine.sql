-- +goose Up

-- organisation ---------------------------------------------------------------

CREATE TABLE county (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL
);

-- Four levels: nation, region (an RSS, mostly a county), municipality, unit.
-- region_id and municipality_id repeat the ancestors (and the row itself), so
-- that every access rule is a comparison of columns.
CREATE TABLE organisation (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('nation', 'region', 'municipality', 'unit')),
    parent_id INTEGER REFERENCES organisation (id),
    region_id INTEGER REFERENCES organisation (id),
    municipality_id INTEGER REFERENCES organisation (id),
    county_code TEXT REFERENCES county (code),
    code TEXT,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key BLOB NOT NULL,
    UNIQUE (parent_id, slug)
);
CREATE INDEX organisation_region ON organisation (region_id, kind);
CREATE INDEX organisation_municipality ON organisation (municipality_id, kind);
CREATE INDEX organisation_kind ON organisation (kind, slug);

-- Inhabitants on the last day of the year.
CREATE TABLE inhabitants (
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    year INTEGER NOT NULL,
    people INTEGER NOT NULL CHECK (people >= 0),
    PRIMARY KEY (municipality_id, year)
);

-- catalogue ------------------------------------------------------------------

CREATE TABLE journey (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('authority', 'provider')),
    starts_on TEXT,
    ordinal INTEGER NOT NULL
);

-- A step's bounds in years in the profession: more than over_years, up to and
-- including up_to_years. Provider journeys' steps have none.
CREATE TABLE step (
    id INTEGER PRIMARY KEY,
    journey_id INTEGER NOT NULL REFERENCES journey (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    over_years INTEGER,
    up_to_years INTEGER,
    UNIQUE (journey_id, slug)
);

CREATE TABLE course (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL DEFAULT '',
    audience TEXT NOT NULL DEFAULT '',
    days INTEGER NOT NULL CHECK (days >= 0),
    tariff_kind TEXT,
    sort_key BLOB NOT NULL
);

CREATE TABLE course_journey (
    course_id INTEGER NOT NULL REFERENCES course (id),
    journey_id INTEGER NOT NULL REFERENCES journey (id),
    step_id INTEGER REFERENCES step (id),
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (course_id, journey_id)
);
CREATE INDEX course_journey_journey ON course_journey (journey_id, ordinal);

-- How a course is given, from a day on; a region's own choice (region_id) goes
-- before the course's usual one (NULL).
CREATE TABLE course_delivery (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL REFERENCES course (id),
    region_id INTEGER REFERENCES organisation (id),
    delivery TEXT NOT NULL CHECK (delivery IN ('regional', 'national', 'web', 'municipal', 'workplace')),
    from_day TEXT NOT NULL
);
CREATE UNIQUE INDEX course_delivery_usual ON course_delivery (course_id, from_day) WHERE region_id IS NULL;
CREATE UNIQUE INDEX course_delivery_region ON course_delivery (course_id, region_id, from_day) WHERE region_id IS NOT NULL;

CREATE TABLE edition (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL REFERENCES course (id),
    number INTEGER NOT NULL CHECK (number > 0),
    published_on TEXT NOT NULL,
    changes TEXT NOT NULL DEFAULT '',
    UNIQUE (course_id, number)
);

-- people ---------------------------------------------------------------------

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT UNIQUE,
    language TEXT NOT NULL DEFAULT 'sv' CHECK (language IN ('sv', 'en')),
    sort_key BLOB NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX person_sort ON person (sort_key, id);

-- One employment at a time; to_day is its last day. The organisation is a unit,
-- a municipality or (RSS staff) a region.
-- sort_key repeats the person's, so that a page of a long list is one walk along
-- an index.
CREATE TABLE employment (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    municipality_id INTEGER REFERENCES organisation (id),
    title TEXT NOT NULL DEFAULT '',
    sort_key BLOB NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    CHECK (to_day IS NULL OR to_day >= from_day),
    UNIQUE (person_id, from_day)
);
CREATE UNIQUE INDEX employment_current ON employment (person_id) WHERE to_day IS NULL;
CREATE INDEX employment_region ON employment (region_id, sort_key, id, from_day, to_day);
CREATE INDEX employment_municipality ON employment (municipality_id, sort_key, id, from_day, to_day);
CREATE INDEX employment_organisation ON employment (organisation_id, sort_key, id, from_day, to_day);
CREATE INDEX employment_person ON employment (person_id, from_day, to_day, region_id, municipality_id);
CREATE INDEX employment_figures ON employment (municipality_id, from_day, to_day, person_id);

-- What somebody may do, where, from when until when. Employees need no row
-- (they see their own), nor do trainers (they see the days they hold).
CREATE TABLE role_grant (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('manager', 'municipal_admin', 'regional', 'producer',
        'national', 'national_reader', 'operator', 'steering')),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    from_day TEXT NOT NULL,
    to_day TEXT,
    granted_at INTEGER NOT NULL,
    granted_by INTEGER REFERENCES person (id),
    CHECK (to_day IS NULL OR to_day >= from_day),
    UNIQUE (person_id, role, organisation_id, from_day)
);

-- A person in a journey. Roles in it overlap and a step may be missing.
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    journey_id INTEGER NOT NULL REFERENCES journey (id),
    opened_on TEXT NOT NULL,
    closed_on TEXT,
    opened_by INTEGER REFERENCES person (id),
    CHECK (closed_on IS NULL OR closed_on >= opened_on),
    UNIQUE (person_id, journey_id)
);
CREATE INDEX account_journey ON account (journey_id, opened_on, closed_on, person_id);
CREATE INDEX account_person ON account (person_id, journey_id, opened_on, closed_on);

CREATE TABLE account_role (
    account_id INTEGER NOT NULL REFERENCES account (id),
    role TEXT NOT NULL CHECK (role IN ('employee', 'manager', 'trainer', 'municipal_admin')),
    from_day TEXT NOT NULL,
    to_day TEXT,
    CHECK (to_day IS NULL OR to_day >= from_day),
    PRIMARY KEY (account_id, role, from_day)
);

CREATE TABLE account_step (
    account_id INTEGER NOT NULL REFERENCES account (id),
    step_id INTEGER NOT NULL REFERENCES step (id),
    from_day TEXT NOT NULL,
    to_day TEXT,
    reason TEXT NOT NULL DEFAULT '',
    CHECK (to_day IS NULL OR to_day >= from_day),
    PRIMARY KEY (account_id, from_day)
);

-- identity -------------------------------------------------------------------

CREATE TABLE sign_in_link (
    token_hash BLOB PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    next_path TEXT NOT NULL DEFAULT '/',
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);
CREATE INDEX sign_in_link_person ON sign_in_link (person_id, made_at);

-- How often a link was asked for since a moment, by a hash of the e-mail address
-- or of the network address.
CREATE TABLE sign_in_attempt (
    subject_hash BLOB PRIMARY KEY,
    since INTEGER NOT NULL,
    tries INTEGER NOT NULL
);

CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    data BLOB NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX session_expiry ON session (expires_at);

-- round ----------------------------------------------------------------------

-- region_id is NULL for a national round.
CREATE TABLE round (
    id INTEGER PRIMARY KEY,
    course_id INTEGER NOT NULL REFERENCES course (id),
    edition_id INTEGER REFERENCES edition (id),
    region_id INTEGER REFERENCES organisation (id),
    label TEXT NOT NULL,
    delivery TEXT NOT NULL CHECK (delivery IN ('regional', 'national', 'web', 'municipal', 'workplace')),
    tariff_kind TEXT,
    capacity INTEGER NOT NULL CHECK (capacity > 0),
    minimum INTEGER NOT NULL CHECK (minimum >= 0 AND minimum <= capacity),
    signup_from TEXT NOT NULL,
    signup_until TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    confirmed_at INTEGER,
    cancelled_at INTEGER,
    cancel_reason TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    CHECK (signup_from <= signup_until),
    CHECK (first_day <= last_day)
);
CREATE INDEX round_region ON round (region_id, first_day);
CREATE INDEX round_course ON round (course_id, first_day);

CREATE TABLE course_day (
    id INTEGER PRIMARY KEY,
    round_id INTEGER NOT NULL REFERENCES round (id),
    ordinal INTEGER NOT NULL CHECK (ordinal > 0),
    day TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    held_at INTEGER,
    CHECK (starts < ends),
    UNIQUE (round_id, ordinal)
);
CREATE INDEX course_day_day ON course_day (day, round_id);

-- Lead trainer is a role on a day, never of a person. present is NULL until
-- somebody has said.
CREATE TABLE day_trainer (
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('lead_trainer', 'trainer')),
    present BOOLEAN,
    marked_at INTEGER,
    marked_by INTEGER REFERENCES person (id),
    PRIMARY KEY (course_day_id, person_id)
);
CREATE INDEX day_trainer_person ON day_trainer (person_id);

CREATE TABLE enrolment (
    id INTEGER PRIMARY KEY,
    round_id INTEGER NOT NULL REFERENCES round (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    enrolled_at INTEGER NOT NULL,
    enrolled_by INTEGER REFERENCES person (id),
    withdrawn_at INTEGER,
    withdrawn_by INTEGER REFERENCES person (id),
    approved_on TEXT,
    approved_at INTEGER,
    approved_by INTEGER REFERENCES person (id)
);
CREATE UNIQUE INDEX enrolment_seat ON enrolment (round_id, person_id) WHERE withdrawn_at IS NULL;
CREATE INDEX enrolment_round ON enrolment (round_id);
CREATE INDEX enrolment_person ON enrolment (person_id);

CREATE TABLE attendance (
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id),
    mark TEXT NOT NULL CHECK (mark IN ('present', 'late', 'excused', 'absent')),
    marked_at INTEGER NOT NULL,
    marked_by INTEGER REFERENCES person (id),
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (course_day_id, enrolment_id)
);
CREATE INDEX attendance_enrolment ON attendance (enrolment_id);

-- What happened to a round, who did it and when.
CREATE TABLE round_event (
    id INTEGER PRIMARY KEY,
    round_id INTEGER NOT NULL REFERENCES round (id),
    course_day_id INTEGER REFERENCES course_day (id),
    happened_at INTEGER NOT NULL,
    person_id INTEGER REFERENCES person (id),
    kind TEXT NOT NULL,
    subject_id INTEGER REFERENCES person (id),
    detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX round_event_round ON round_event (round_id, happened_at);

-- trainer --------------------------------------------------------------------

-- The team of a course in a region.
CREATE TABLE trainer (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    recruited_on TEXT NOT NULL,
    ready_on TEXT,
    ended_on TEXT,
    UNIQUE (person_id, course_id, region_id)
);
CREATE INDEX trainer_team ON trainer (region_id, course_id);

-- learning -------------------------------------------------------------------

CREATE TABLE completion (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    course_id INTEGER NOT NULL REFERENCES course (id),
    edition_id INTEGER REFERENCES edition (id),
    completed_on TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('round', 'local', 'web', 'import')),
    round_id INTEGER REFERENCES round (id),
    recorded_at INTEGER NOT NULL,
    recorded_by INTEGER REFERENCES person (id),
    revoked_at INTEGER,
    revoked_by INTEGER REFERENCES person (id)
);
CREATE UNIQUE INDEX completion_once ON completion (person_id, course_id) WHERE revoked_at IS NULL;
CREATE INDEX completion_course ON completion (course_id, completed_on);
CREATE INDEX completion_person ON completion (person_id, course_id, completed_on) WHERE revoked_at IS NULL;

-- survey ---------------------------------------------------------------------

CREATE TABLE survey (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('course_evaluation', 'manager_survey')),
    title TEXT NOT NULL,
    course_id INTEGER REFERENCES course (id),
    journey_id INTEGER REFERENCES journey (id),
    year INTEGER
);
CREATE UNIQUE INDEX survey_course ON survey (course_id) WHERE kind = 'course_evaluation';
CREATE UNIQUE INDEX survey_year ON survey (journey_id, year) WHERE kind = 'manager_survey';

CREATE TABLE question (
    id INTEGER PRIMARY KEY,
    survey_id INTEGER NOT NULL REFERENCES survey (id),
    ordinal INTEGER NOT NULL,
    wording TEXT NOT NULL,
    UNIQUE (survey_id, ordinal)
);

-- satisfied marks the grades whose share is the satisfaction.
CREATE TABLE answer_option (
    id INTEGER PRIMARY KEY,
    question_id INTEGER NOT NULL REFERENCES question (id),
    ordinal INTEGER NOT NULL,
    slug TEXT NOT NULL,
    label TEXT NOT NULL,
    satisfied BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (question_id, ordinal),
    UNIQUE (question_id, slug)
);

CREATE TABLE response (
    id INTEGER PRIMARY KEY,
    survey_id INTEGER NOT NULL REFERENCES survey (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    answered_on TEXT NOT NULL,
    free_text TEXT NOT NULL DEFAULT '',
    UNIQUE (survey_id, person_id)
);

CREATE TABLE response_choice (
    response_id INTEGER NOT NULL REFERENCES response (id),
    question_id INTEGER NOT NULL REFERENCES question (id),
    option_id INTEGER NOT NULL REFERENCES answer_option (id),
    PRIMARY KEY (response_id, question_id)
);

-- Results that reached us only as shares of a number of answers.
CREATE TABLE published_result (
    question_id INTEGER NOT NULL REFERENCES question (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    option_id INTEGER NOT NULL REFERENCES answer_option (id),
    as_of TEXT NOT NULL,
    percent_tenths INTEGER NOT NULL CHECK (percent_tenths BETWEEN 0 AND 1000),
    answers INTEGER NOT NULL CHECK (answers >= 0),
    PRIMARY KEY (question_id, region_id, as_of, option_id)
);

-- economy --------------------------------------------------------------------

-- Holds from its day until the region's next tariff of the kind. Weights are
-- hundredths. rss_rule: an RSS trainer's share is kept by the region or shared
-- among the other trainers.
CREATE TABLE tariff (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL,
    from_day TEXT NOT NULL,
    fee_ore INTEGER NOT NULL CHECK (fee_ore >= 0),
    pot_ore INTEGER NOT NULL CHECK (pot_ore >= 0 AND pot_ore <= fee_ore),
    lead_weight INTEGER NOT NULL CHECK (lead_weight > 0),
    trainer_weight INTEGER NOT NULL CHECK (trainer_weight > 0),
    rss_rule TEXT NOT NULL CHECK (rss_rule IN ('kept', 'shared')),
    UNIQUE (region_id, kind, from_day)
);

-- A participant-day that is attended or missed but not charged.
CREATE TABLE fee_exemption (
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id),
    reason TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    granted_by INTEGER REFERENCES person (id),
    PRIMARY KEY (course_day_id, enrolment_id)
);

-- A settled year is frozen: its lines are copied, and later changes become
-- corrections, which are lines of their own.
CREATE TABLE settlement (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    year INTEGER NOT NULL,
    settled_at INTEGER NOT NULL,
    settled_by INTEGER NOT NULL REFERENCES person (id),
    UNIQUE (region_id, year)
);

-- kind: 'charge' (quantity = participant-days) or 'share' (quantity = trainer days).
CREATE TABLE settlement_line (
    id INTEGER PRIMARY KEY,
    settlement_id INTEGER NOT NULL REFERENCES settlement (id),
    kind TEXT NOT NULL CHECK (kind IN ('charge', 'share')),
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    course_day_id INTEGER NOT NULL REFERENCES course_day (id),
    quantity INTEGER NOT NULL,
    amount_ore INTEGER NOT NULL,
    correction_id INTEGER
);
CREATE INDEX settlement_line_settlement ON settlement_line (settlement_id, kind, municipality_id);

-- A correction groups the lines that were added to a settlement at one time.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    settlement_id INTEGER NOT NULL REFERENCES settlement (id),
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL
);

-- report ---------------------------------------------------------------------

-- A printed annual report: evaluations_on is the day of its evaluation table.
CREATE TABLE printed_report (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    year INTEGER NOT NULL,
    signed_on TEXT NOT NULL,
    evaluations_on TEXT NOT NULL,
    UNIQUE (region_id, year)
);

-- Its figures as printed, to be compared with the computed ones. value is the
-- figure in its smallest unit: pieces, öre, or tenths (per cent, mean).
CREATE TABLE printed_figure (
    report_id INTEGER NOT NULL REFERENCES printed_report (id),
    figure TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (report_id, figure)
);

-- +goose Down

DROP TABLE printed_figure;
DROP TABLE printed_report;
DROP TABLE correction;
DROP TABLE settlement_line;
DROP TABLE settlement;
DROP TABLE fee_exemption;
DROP TABLE tariff;
DROP TABLE published_result;
DROP TABLE response_choice;
DROP TABLE response;
DROP TABLE answer_option;
DROP TABLE question;
DROP TABLE survey;
DROP TABLE completion;
DROP TABLE trainer;
DROP TABLE round_event;
DROP TABLE attendance;
DROP TABLE enrolment;
DROP TABLE day_trainer;
DROP TABLE course_day;
DROP TABLE round;
DROP TABLE session;
DROP TABLE sign_in_attempt;
DROP TABLE sign_in_link;
DROP TABLE account_step;
DROP TABLE account_role;
DROP TABLE account;
DROP TABLE role_grant;
DROP TABLE employment;
DROP TABLE person;
DROP TABLE edition;
DROP TABLE course_delivery;
DROP TABLE course_journey;
DROP TABLE course;
DROP TABLE step;
DROP TABLE journey;
DROP TABLE inhabitants;
DROP TABLE organisation;
DROP TABLE county;
