package privacy

// Fate is what an erasure does with the rows of a place.
type Fate string

// The fates.
const (
	Gone    Fate = "gone"    // the rows are deleted
	Emptied Fate = "emptied" // the rows stay without what tells who it was
	Stays   Fate = "stays"   // nothing in the rows tells who it was once the name is gone
)

// Ground is why something stays after an erasure.
type Ground string

// The grounds.
const (
	None       Ground = ""
	Accounting Ground = "accounting" // seven years: what was charged and paid must add up
	Figures    Ground = "figures"    // what was printed must stay what it was
	History    Ground = "history"    // who did something to others, by number
)

// Key is the ground's message key.
func (g Ground) Key() string { return "privacy.ground_" + string(g) }

// Place is a table that holds something about a person, and what becomes of it.
type Place struct {
	Table  string
	Whose  string // which rows are about the person $1
	Fate   Fate
	Set    string // for Emptied: what is written into the rows
	Ground Ground // for what stays

	Merge Merge    // what a merge of two persons does with the rows
	Key   []string // for Moves: what tells a row, beside whose it is
	Once  []string // for Moves: what two rows of one person may not both say
	While string   // for Moves: of which rows that is so; "" for all
	Drop  string   // for Moves: which rows o are taken away, not left, when the other has one that says the same

	Told   []string // columns that the person is given
	Kept   []string // columns that are not: numbers of rows, secrets, what is of others
	Doings []string // columns that say that the person did something, in rows about others
}

// Merge is what becomes of the rows about somebody who is merged into another person: see
// package merging.
type Merge string

// The ways.
const (
	Moves   Merge = "moves"   // they are the other's; what both have stays with who was merged
	Joins   Merge = "joins"   // by a rule of its own
	Follows Merge = "follows" // they hang on rows that move or join
	Rests   Merge = "rests"   // they stay where they are: history by number, or gone in minutes
)

// by are the columns that are named.
func by(columns ...string) []string { return columns }

const (
	ofPerson    = "person_id = $1"
	ofAccount   = "account_id IN (SELECT id FROM account WHERE person_id = $1)"
	ofEnrolment = "enrolment_id IN (SELECT id FROM enrolment WHERE person_id = $1)"
	ofNobody    = "" // the person stands there only as who did something
)

// Places are all of them, in an order in which rows may be deleted.
var Places = []Place{
	{Table: "protected_person", Whose: ofPerson, Fate: Gone, Merge: Joins, Told: []string{"given_name", "family_name", "municipality_id", "marked_at"}, Kept: []string{"person_id"}, Doings: []string{"marked_by"}},
	{Table: "protection_guard", Whose: ofPerson, Fate: Stays, Merge: Moves, Key: by("id"), Once: by("municipality_id"), While: "to_day IS NULL", Ground: History, Told: []string{"municipality_id", "from_day", "to_day", "named_at"}, Kept: []string{"id", "person_id"}, Doings: []string{"named_by"}},
	{Table: "person", Whose: "id = $1", Fate: Emptied, Merge: Joins, Set: "given_name = 'Borttagen', family_name = 'person', email = NULL", Ground: Accounting,
		Told: []string{"given_name", "family_name", "email", "language", "created_at"}, Kept: []string{"id", "sort_key", "merged_into"}},
	{Table: "person_word", Whose: ofPerson, Fate: Gone, Merge: Joins, Kept: []string{"word", "person_id"}},
	{Table: "person_change", Whose: ofPerson, Fate: Gone, Merge: Rests, Told: []string{"given_name", "family_name", "email", "changed_at"}, Kept: []string{"id", "person_id"}, Doings: []string{"changed_by"}},
	{Table: "last_sign_in", Whose: ofPerson, Fate: Gone, Merge: Joins, Told: []string{"at"}, Kept: []string{"person_id"}},
	{Table: "session", Whose: ofPerson, Fate: Gone, Merge: Joins, Told: []string{"device", "made_at", "used_at", "ended_at", "remembered"}, Kept: []string{"token_hash", "data", "expires_at", "person_id", "work", "work_name", "work_session"}},
	{Table: "sign_in_link", Whose: ofPerson, Fate: Gone, Merge: Joins, Told: []string{"made_at", "used_at"}, Kept: []string{"token_hash", "person_id", "next_path", "expires_at", "letter_id"}, Doings: []string{"made_by"}},
	{Table: "sign_in_letter", Whose: ofPerson, Fate: Gone, Merge: Rests, Told: []string{"asked_at", "ended_at"}, Kept: []string{"id", "address_hash", "person_id", "code_hash", "expires_at"}},
	{Table: "sign_in_trouble", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("id"), Told: []string{"happened_at", "way", "cause", "detail", "reference"}, Kept: []string{"id", "person_id", "organisation_id", "address_hash"}},
	{Table: "passkey", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("id"), Told: []string{"name", "made_at", "used_at", "removed_at"}, Kept: []string{
		"id", "person_id", "handle", "credential_id", "public_key", "transports", "aaguid", "attestation", "counter", "user_present", "user_verified", "backup_eligible", "backed_up",
	}, Doings: []string{"removed_by"}},
	{Table: "tablet_code", Whose: ofPerson, Fate: Gone, Merge: Rests, Told: []string{"made_at"}, Kept: []string{"person_id", "code_hash", "guesses", "wait_until"}},
	{Table: "welcome", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("municipality_id"), Once: by("municipality_id"), Drop: "TRUE", Told: []string{"municipality_id", "made_at", "sent_at"}, Kept: []string{"person_id"}},
	{Table: "history_row", Whose: ofPerson, Fate: Stays, Merge: Moves, Key: by("import_id", "line"), Ground: History, Told: []string{"line", "act", "cells"}, Kept: []string{"import_id", "person_id", "problem_column", "problem", "completion_id"}},
	{Table: "setup_letter", Whose: ofPerson, Fate: Stays, Merge: Rests, Ground: History, Told: []string{"region_id", "asked_at", "handed_at"}, Kept: []string{"id", "person_id", "failed_at", "answer"}},
	{Table: "passkey_challenge", Whose: ofPerson, Fate: Gone, Merge: Rests, Kept: []string{"token_hash", "person_id", "data", "expires_at"}},
	{Table: "federation_state", Whose: "(person_id = $1 OR tester_id = $1)", Fate: Gone, Merge: Rests, Told: []string{"made_at", "answered_at", "cause", "reference"}, Kept: []string{
		"state_hash", "municipality_id", "browser_hash", "request_id", "anew", "secret", "next_path", "person_id", "report", "used_at",
	}, Doings: []string{"tester_id"}},
	{Table: "work_sign_out", Whose: ofPerson, Fate: Gone, Merge: Rests, Told: []string{"municipality_id", "made_at", "answered_at"}, Kept: []string{"token_hash", "person_id", "work", "request_id", "outcome"}},
	{Table: "federation_identity", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("municipality_id", "issuer", "subject"), Once: by("municipality_id", "issuer"), Told: []string{"municipality_id", "issuer", "subject", "made_at", "used_at"}, Kept: []string{"person_id"}},
	{Table: "kept_form", Whose: ofPerson, Fate: Gone, Merge: Rests, Told: []string{"path"}, Kept: []string{"token_hash", "person_id", "route", "typed", "refused", "expires_at"}},
	{Table: "calendar_feed", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("id"), Told: []string{"made_at", "revoked_at"}, Kept: []string{"id", "token_hash", "person_id", "region_id"}},
	{Table: "support_view", Whose: ofPerson, Fate: Gone, Merge: Joins, Told: []string{"reason", "asked_at", "consented_at", "until", "ended_at"}, Kept: []string{"id", "person_id"}, Doings: []string{"asked_by"}},

	{Table: "employment", Whose: ofPerson, Fate: Emptied, Merge: Joins, Set: "title = '', form = '', shift = '', agency = ''", Ground: Accounting,
		Told: []string{"organisation_id", "municipality_id", "title", "form", "shift", "agency", "from_day", "to_day", "main"}, Kept: []string{"id", "person_id", "region_id", "sort_key", "import_id"}},
	{Table: "personal_number", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("mark"), Once: by("mark"), Told: []string{"coordination", "told_at"}, Kept: []string{"person_id", "mark", "key_id"}},
	{Table: "leave", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("id"), Once: by("from_day"), Told: []string{"from_day", "to_day", "told_at"}, Kept: []string{"id", "person_id"}, Doings: []string{"told_by"}},
	{Table: "staff_number", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("municipality_id", "number"), Told: []string{"municipality_id", "number"}, Kept: []string{"person_id"}},
	{Table: "scim_user", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("municipality_id"), Once: by("municipality_id"), Told: []string{"municipality_id", "user_name", "external_id", "employee_number", "changed_at"}, Kept: []string{"person_id", "user_name_key", "deleted_employment_id"}},
	{Table: "staff_import_row", Whose: ofPerson, Fate: Emptied, Merge: Moves, Key: by("import_id", "line"), Set: "cells = '{}', before = '', problem = '', problem_column = ''", Ground: History,
		Told: []string{"act", "cells", "before", "undone"}, Kept: []string{"import_id", "line", "person_id", "problem_column", "problem", "stays", "decided_at"}, Doings: []string{"decided_by"}},
	{Table: "role_grant", Whose: ofPerson, Fate: Stays, Merge: Moves, Key: by("id"), Once: by("role", "organisation_id", "from_day"), Ground: History, Told: []string{"role", "organisation_id", "from_day", "to_day", "granted_at"}, Kept: []string{"id", "person_id", "within_id"}, Doings: []string{"granted_by"}},

	{Table: "municipal_group_office", Whose: ofPerson, Fate: Stays, Merge: Moves, Key: by("id"), Once: by("group_id", "office"), While: "to_day IS NULL", Ground: History, Told: []string{"group_id", "office", "from_day", "to_day", "given_at"}, Kept: []string{"id", "person_id"}, Doings: []string{"given_by"}},

	{Table: "account", Whose: ofPerson, Fate: Emptied, Merge: Joins, Set: "profession_since = NULL", Ground: Figures,
		Told: []string{"journey_id", "opened_on", "closed_on", "profession_since"}, Kept: []string{"id", "person_id"}, Doings: []string{"opened_by"}},
	{Table: "account_role", Whose: ofAccount, Fate: Stays, Merge: Joins, Ground: Figures, Told: []string{"role", "from_day", "to_day"}, Kept: []string{"account_id"}},
	{Table: "account_closure", Whose: ofAccount, Fate: Stays, Merge: Follows, Ground: Figures, Told: []string{"closed_on", "reopened_on", "reopened_at"}, Kept: []string{"account_id"}, Doings: []string{"reopened_by"}},
	{Table: "account_step", Whose: ofAccount, Fate: Emptied, Merge: Follows, Set: "reason = ''", Ground: Figures, Told: []string{"step_id", "from_day", "to_day", "reason"}, Kept: []string{"account_id"}},
	{Table: "step_change", Whose: ofAccount, Fate: Emptied, Merge: Follows, Set: "reason = ''", Ground: Figures, Told: []string{"step_id", "from_day", "reason", "told_at"}, Kept: []string{"id", "account_id"}, Doings: []string{"told_by"}},
	{Table: "level_up", Whose: ofAccount, Fate: Emptied, Merge: Joins, Set: "free_text = ''", Ground: Figures, Told: []string{"from_step_id", "to_step_id", "grade", "free_text", "answered_on"}, Kept: []string{"id", "account_id"}},
	{Table: "certificate", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("id"), Told: []string{"code", "issued_at"}, Kept: []string{"id", "person_id", "completion_id", "level_up_id"}},
	{Table: "completion", Whose: ofPerson, Fate: Stays, Merge: Joins, Ground: Figures, Told: []string{"course_id", "edition_id", "completed_on", "source", "round_id", "recorded_at", "revoked_at"}, Kept: []string{"id", "person_id"}, Doings: []string{"recorded_by", "revoked_by"}},
	{Table: "study", Whose: ofPerson, Fate: Gone, Merge: Joins, Told: []string{"course_id", "edition_id", "started_at"}, Kept: []string{"person_id"}},
	{Table: "progress", Whose: ofPerson, Fate: Gone, Merge: Joins, Told: []string{"task_id", "opened_at", "changed_at", "done_at", "answer", "tries", "shared", "together_day_id"}, Kept: []string{"person_id", "position", "writer"}},
	{Table: "response", Whose: ofPerson, Fate: Emptied, Merge: Moves, Key: by("id"), Once: by("survey_id"), Set: "free_text = ''", Ground: Figures, Told: []string{"survey_id", "answered_on", "free_text"}, Kept: []string{"id", "person_id"}},
	{Table: "response_choice", Whose: "response_id IN (SELECT id FROM response WHERE person_id = $1)", Fate: Stays, Merge: Follows, Ground: Figures, Told: []string{"question_id", "option_id"}, Kept: []string{"response_id"}},
	{Table: "course_reminder", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("course_id", "reminded_on"), Once: by("course_id", "reminded_on"), Told: []string{"course_id", "reminded_on"}, Kept: []string{"person_id"}, Doings: []string{"reminded_by"}},

	{Table: "mark_receipt", Whose: "(person_id = $1 OR " + ofEnrolment + ")", Fate: Gone, Merge: Follows, Told: []string{"course_day_id", "mark", "marked_at", "received_at"}, Kept: []string{"mark_key", "enrolment_id", "used"}, Doings: []string{"person_id"}},
	{Table: "code_attempt", Whose: ofPerson, Fate: Gone, Merge: Rests, Told: []string{"course_day_id", "since", "tries"}, Kept: []string{"person_id"}},
	{Table: "queue_entry", Whose: ofPerson, Fate: Gone, Merge: Joins, Told: []string{"round_id", "joined_at", "allowed_at", "offered_at", "offer_until", "ended_at", "ended_how", "employer_id"}, Kept: []string{"id", "person_id", "needs_manager", "enrolment_id"}, Doings: []string{"joined_by", "allowed_by", "ended_by"}},
	{Table: "interest", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("id"), Once: by("course_id"), While: "ended_at IS NULL", Drop: "TRUE", Told: []string{"course_id", "region_id", "wished_at", "ended_at", "ended_how"}, Kept: []string{"id", "person_id"}, Doings: []string{"wished_by"}},
	{Table: "round_need", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("round_id"), Once: by("round_id"), Told: []string{"round_id", "diet", "access_need", "told_at"}, Kept: []string{"person_id"}},
	{Table: "attendance", Whose: ofEnrolment, Fate: Emptied, Merge: Follows, Set: "reason = ''", Ground: Accounting, Told: []string{"course_day_id", "mark", "marked_at", "reason", "source"}, Kept: []string{"enrolment_id"}, Doings: []string{"marked_by"}},
	{Table: "fee_exemption", Whose: ofEnrolment, Fate: Stays, Merge: Follows, Ground: Accounting, Told: []string{"course_day_id", "reason", "granted_at", "withdrawn_at"}, Kept: []string{"id", "enrolment_id"}, Doings: []string{"granted_by", "withdrawn_by"}},
	{Table: "enrolment", Whose: ofPerson, Fate: Stays, Merge: Joins, Ground: Accounting, Told: []string{"round_id", "enrolled_at", "withdrawn_at", "approved_on", "approved_at", "employer_id"}, Kept: []string{"id", "person_id", "replaces_id"}, Doings: []string{"enrolled_by", "withdrawn_by", "approved_by"}},
	{Table: "round_event", Whose: "subject_id = $1", Fate: Emptied, Merge: Rests, Set: "detail = ''", Ground: History, Told: []string{"round_id", "course_day_id", "happened_at", "kind", "detail"}, Kept: []string{"id", "subject_id", "token_id"}, Doings: []string{"person_id"}},

	{Table: "day_trainer", Whose: ofPerson, Fate: Stays, Merge: Joins, Ground: Accounting, Told: []string{"course_day_id", "role", "present", "marked_at", "asked_at", "answer", "answered_at", "employer_id"}, Kept: []string{"person_id"}, Doings: []string{"marked_by", "asked_by"}},
	{Table: "trainer", Whose: ofPerson, Fate: Emptied, Set: "end_word = ''", Merge: Joins, Ground: Figures, Told: []string{"course_id", "region_id", "recruited_on", "ready_on", "ended_on", "end_reason", "end_word"}, Kept: []string{"id", "person_id"}},
	{Table: "trainer_before", Whose: ofPerson, Fate: Emptied, Set: "end_word = ''", Merge: Moves, Key: by("id"), Ground: Figures, Told: []string{"course_id", "region_id", "recruited_on", "ready_on", "ended_on", "end_reason", "end_word"}, Kept: []string{"id", "person_id"}},
	{Table: "trainer_wish", Whose: ofPerson, Fate: Emptied, Merge: Moves, Key: by("id"), Once: by("course_id"), While: "withdrawn_at IS NULL AND closed_at IS NULL AND (agreed IS NULL OR agreed)", Set: "words = '', reason_word = ''", Ground: Figures, Told: []string{"course_id", "region_id", "words", "wished_at", "withdrawn_at", "agreed", "reason", "reason_word", "answered_at", "recruited", "closed_at"}, Kept: []string{"id", "person_id"}, Doings: []string{"answered_by", "closed_by"}},
	{Table: "study_time", Whose: ofPerson, Fate: Stays, Merge: Moves, Key: by("id"), Ground: Figures, Told: []string{"employer_id", "course_day_id", "part", "day", "starts", "ends", "set_at", "taken_back_at", "had", "answered_at"}, Kept: []string{"id", "person_id"}, Doings: []string{"set_by", "taken_back_by"}},
	{Table: "trainer_preparation", Whose: ofPerson, Fate: Stays, Merge: Moves, Key: by("course_day_id"), Once: by("course_day_id"), Ground: Figures, Told: []string{"course_day_id", "at_work", "answered_at"}, Kept: []string{"person_id"}},
	{Table: "rollout_trainer", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("rollout_id"), Once: by("rollout_id"), Drop: "TRUE", Kept: []string{"rollout_id", "person_id"}},
	{Table: "trainer_absence", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("id"), Told: []string{"from_day", "to_day", "note"}, Kept: []string{"id", "person_id"}},
	{Table: "trainer_meeting_guest", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("meeting_id"), Once: by("meeting_id"), Drop: "o.attended IS NULL", Told: []string{"meeting_id", "answer", "attended"}, Kept: []string{"person_id"}},
	{Table: "trainer_meeting_letter", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("meeting_id", "sequence"), Once: by("meeting_id", "sequence"), Told: []string{"kind", "subject", "body", "made_at", "sent_at", "failed_at"}, Kept: []string{"meeting_id", "person_id", "sequence", "entry", "calendar", "failure"}},

	{Table: "round_letter_recipient", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("letter_id", "part"), Once: by("letter_id", "part"), Told: []string{"subject", "body", "sent_at", "failed_at"}, Kept: []string{"letter_id", "person_id", "part", "calendar", "failure"}},
	{Table: "calendar_entry", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("course_day_id"), Once: by("course_day_id"), Told: []string{"round_id", "day", "starts", "ends", "place", "cancelled_at"}, Kept: []string{"course_day_id", "person_id", "sequence", "link"}},
	{Table: "circular_recipient", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("circular_id", "region_id"), Once: by("circular_id", "region_id"), Kept: []string{"circular_id", "region_id", "person_id", "letter_id"}},
	{Table: "edition_news_recipient", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("edition_id"), Once: by("edition_id"), Kept: []string{"edition_id", "person_id", "region_id", "letter_id"}},
	{Table: "course_feedback", Whose: ofPerson, Fate: Emptied, Merge: Moves, Key: by("id"), Set: "person_id = NULL, text = '–'", Ground: Figures, Told: []string{"course_id", "theme", "text", "said_on", "decision", "answer"}, Kept: []string{"id", "person_id", "region_id", "source", "made_at", "edition_id", "decided_at", "version"}, Doings: []string{"made_by", "decided_by"}},
	{Table: "supplement_reading", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("change_id", "course_id"), Once: by("change_id", "course_id"), Drop: "TRUE", Told: []string{"course_id", "read_at"}, Kept: []string{"change_id", "person_id"}},
	{Table: "content_wish", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("journey_id", "subject_key"), Once: by("journey_id", "subject_key"), Drop: "TRUE", Told: []string{"journey_id", "subject", "region_id", "wished_on"}, Kept: []string{"id", "person_id", "subject_key"}},
	{Table: "circular_reading", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("circular_id"), Once: by("circular_id"), Told: []string{"circular_id", "read_at"}, Kept: []string{"person_id"}},
	{Table: "person_letter", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("id"), Told: []string{"kind", "subject", "body", "made_at", "sent_at", "failed_at"}, Kept: []string{"id", "person_id", "failure"}, Doings: []string{"made_by"}},
	{Table: "remark_reader", Whose: "(person_id = $1 OR remark_id IN (SELECT id FROM remark WHERE person_id = $1))", Fate: Gone, Merge: Moves, Key: by("remark_id"), Once: by("remark_id"), Kept: []string{"remark_id", "person_id"}},
	{Table: "remark", Whose: ofPerson, Fate: Gone, Merge: Moves, Key: by("id"), Told: []string{"text", "written_at", "done_at"}, Kept: []string{"id", "person_id", "organisation_id"}, Doings: []string{"done_by"}},
	{Table: "merger_row", Whose: "merger_id IN (SELECT id FROM merger WHERE gone_id = $1)", Fate: Gone, Merge: Rests, Kept: []string{"merger_id", "ordinal", "table_name", "act", "row_key", "before", "after"}},
	{Table: "merger", Whose: "gone_id = $1", Fate: Stays, Merge: Rests, Ground: History, Told: []string{"made_at", "split_at"}, Kept: []string{"id", "kept_id", "gone_id"}, Doings: []string{"made_by", "split_by"}},
	{Table: "erasure", Whose: ofPerson, Fate: Stays, Merge: Rests, Ground: History, Kept: []string{"person_id", "born_at", "ground", "erased_at"}, Doings: []string{"erased_by"}},
	{Table: "audit_entry", Whose: "subject_id = $1", Fate: Stays, Merge: Rests, Ground: History, Told: []string{"at", "act", "kind", "page"}, Kept: []string{"id", "subject_id", "municipality_id", "token_id", "behalf_id"}, Doings: []string{"actor_id"}},

	// Where a person only stands as who did something.
	{Table: "api_token", Doings: []string{"made_by"}},
	{Table: "catering", Doings: []string{"ordered_by"}},
	{Table: "circular", Doings: []string{"made_by"}},
	{Table: "edition_news", Doings: []string{"decided_by"}},
	{Table: "foundation", Doings: []string{"made_by"}},
	{Table: "foundation_change", Doings: []string{"made_by"}},
	{Table: "foundation_task", Doings: []string{"done_by"}},
	{Table: "launch_advice", Doings: []string{"told_by"}},
	{Table: "planned_course", Doings: []string{"made_by"}},
	{Table: "planned_course_change", Doings: []string{"changed_by"}},
	{Table: "rollout_meeting", Doings: []string{"told_by"}},
	{Table: "correction", Doings: []string{"made_by"}},
	{Table: "course_draft", Doings: []string{"changed_by"}},
	{Table: "course_retirement", Doings: []string{"told_by", "taken_back_by", "taken_up_by"}},
	{Table: "reviewer", Whose: ofPerson, Fate: Emptied, Merge: Moves, Key: by("id"), Once: by("course_id"), While: "edition_id IS NULL", Drop: "o.verdict IS NULL AND NOT EXISTS (SELECT 1 FROM review_comment AS c WHERE c.reviewer_id = o.id)", Set: "note = ''", Ground: History, Told: []string{"course_id", "part", "asked_at", "ended_at", "verdict", "verdict_at", "note", "edition_id"}, Kept: []string{"id", "person_id", "by_role", "verdict_version", "in_trial"}, Doings: []string{"asked_by", "ended_by"}},
	{Table: "review_comment", Whose: "reviewer_id IN (SELECT id FROM reviewer WHERE person_id = $1)", Fate: Stays, Merge: Follows, Ground: History, Told: []string{"place", "quote", "said", "said_at", "settled_at", "answer"}, Kept: []string{"id", "reviewer_id", "version", "in_trial"}, Doings: []string{"settled_by"}},
	{Table: "trial_person", Whose: ofPerson, Fate: Emptied, Merge: Moves, Key: by("trial_id"), Once: by("trial_id"), Drop: "o.said_at IS NULL", Set: "said = ''", Ground: History, Told: []string{"trial_id", "asked_at", "left_at", "grade", "said", "said_at"}, Kept: []string{"person_id", "before_id"}, Doings: []string{"asked_by"}},
	{Table: "trial", Doings: []string{"started_by", "ended_by"}},
	{Table: "review_overruled", Doings: []string{"decided_by"}},
	{Table: "day_cost", Doings: []string{"written_by"}},
	{Table: "day_screen", Doings: []string{"moved_by"}},
	{Table: "day_task", Doings: []string{"done_by"}},
	{Table: "edition_content", Doings: []string{"published_by"}},
	{Table: "edition_withdrawal", Doings: []string{"withdrawn_by", "reinstated_by"}},
	{Table: "federation_provider", Doings: []string{"changed_by"}},
	{Table: "file", Doings: []string{"uploaded_by"}},
	{Table: "learning_project", Doings: []string{"made_by"}},
	{Table: "learning_project_share", Doings: []string{"told_by"}},
	{Table: "material", Doings: []string{"removed_by"}},
	{Table: "municipal_group", Doings: []string{"made_by"}},
	{Table: "municipal_group_member", Doings: []string{"told_by"}},
	{Table: "municipal_group_need", Doings: []string{"told_by"}},
	{Table: "municipal_group_share", Doings: []string{"told_by"}},
	{Table: "municipality_fact", Doings: []string{"told_by", "withdrawn_by"}},
	{Table: "municipality_setting", Doings: []string{"changed_by"}},
	{Table: "reconstruction", Doings: []string{"told_by"}},
	{Table: "district", Doings: []string{"made_by"}},
	{Table: "district_unit", Doings: []string{"told_by", "withdrawn_by"}},
	{Table: "rollout", Doings: []string{"made_by"}},
	{Table: "round", Doings: []string{"deleted_by"}},
	{Table: "round_letter", Doings: []string{"made_by"}},
	{Table: "settlement", Doings: []string{"settled_by"}},
	{Table: "tablet", Doings: []string{"made_by", "removed_by"}},
	{Table: "staff_heading", Doings: []string{"told_by"}},
	{Table: "history_import", Doings: []string{"made_by", "applied_by", "undone_by"}},
	{Table: "staff_import", Doings: []string{"made_by", "applied_by", "undone_by"}},
	{Table: "protected_look", Doings: []string{"looked_by"}},
	{Table: "tariff", Doings: []string{"made_by", "withdrawn_by"}},
	{Table: "unit_provider", Doings: []string{"told_by", "withdrawn_by"}},
	{Table: "unit_closing", Doings: []string{"told_by", "withdrawn_by"}},
	{Table: "unit_name", Doings: []string{"changed_by"}},
}

// Nobody are the tables that hold nothing about a person, and why so.
var Nobody = map[string]string{
	"federation_domain": "a municipality", "federation_key": "the product", "sign_in_waiting": "browsers, gone with their letter",
	"work_sign_out_heard": "messages, by a hash",
	"organisation":        "places", "county": "places", "inhabitants": "places",
	"journey": "the programme", "step": "the programme", "course": "the programme", "course_journey": "the programme",
	"course_delivery": "the programme", "edition": "the programme", "task": "the programme",
	"survey": "questions", "question": "questions", "answer_option": "questions",
	"published_result": "sums", "publication": "sums", "answer_batch": "sums", "batch_answer": "sums", "batch_response": "which answers a sum was made of", "batch_level_up": "which answers a sum was made of",
	"settlement_line": "sums per municipality and day", "printed_report": "sums", "printed_figure": "sums", "figure_stamp": "a number",
	"history_day": "sums per municipality and day", "history_answer": "sums",
	"course_day": "a day", "room": "a place", "seat_quota": "a number per municipality", "material_sending": "a day", "trainer_meeting": "a day",
	"course_foundation": "the programme",
	"rollout_unit":      "a plan", "rollout_title": "a plan", "rollout_form": "a plan",
	"circular_region":  "which regions",
	"sign_in_attempt":  "a keyed count that leads back to nobody; swept within the hour",
	"write_check":      "a number",
	"audit_seal":       "hashes",
	"sealing_key":      "numbers of keys",
	"sealing":          "a moment",
	"retention_report": "numbers",
}

// Text is a column where others may have written about a person, by name: key finds its
// rows, whole numbers all. An erasure puts the name that stays in its place.
type Text struct {
	Table   string
	Key     []string
	Columns []string
}

// Texts are all of them.
var Texts = []Text{
	{"round_letter", []string{"id"}, []string{"subject", "body"}},
	{"round_letter_recipient", []string{"letter_id", "person_id", "part"}, []string{"subject", "body", "calendar", "failure"}},
	{"trainer_meeting_letter", []string{"meeting_id", "person_id", "sequence"}, []string{"subject", "body", "calendar", "entry", "failure"}},
	{"person_letter", []string{"id"}, []string{"subject", "body", "failure"}},
	{"circular", []string{"id"}, []string{"subject", "body"}},
	{"round_event", []string{"id"}, []string{"detail"}},
	{"round", []string{"id"}, []string{"note", "cancel_reason"}},
	{"municipal_group", []string{"id"}, []string{"name", "project"}},
	{"catering", []string{"course_day_id"}, []string{"note"}},
	{"attendance", []string{"course_day_id", "enrolment_id"}, []string{"reason"}},
	{"fee_exemption", []string{"id"}, []string{"reason"}},
	{"step_change", []string{"id"}, []string{"reason"}},
	{"remark", []string{"id"}, []string{"text"}},
	{"response", []string{"id"}, []string{"free_text"}},
	{"course_feedback", []string{"id"}, []string{"text", "answer"}},
	{"content_wish", []string{"id"}, []string{"subject"}},
	{"level_up", []string{"id"}, []string{"free_text"}},
	{"progress", []string{"person_id", "task_id"}, []string{"answer"}},
	{"trainer_meeting", []string{"id"}, []string{"title", "agenda", "place"}},
	{"trainer_absence", []string{"id"}, []string{"note"}},
	{"trainer", []string{"id"}, []string{"end_word"}},
	{"trainer_before", []string{"id"}, []string{"end_word"}},
	{"trial_person", []string{"trial_id", "person_id"}, []string{"said"}},
	{"trainer_wish", []string{"id"}, []string{"words", "reason_word"}},
	{"api_token", []string{"id"}, []string{"name"}},
	{"staff_import", []string{"id"}, []string{"file_name"}},
	{"history_import", []string{"id"}, []string{"file_name"}},
	{"support_view", []string{"id"}, []string{"reason"}},
	{"protected_look", []string{"id"}, []string{"reason"}},
}

// Untouched are texts in which an erasure changes nothing, and why.
var Untouched = map[string]string{
	"correction.reason":            "a settled year is only added to",
	"tariff.reason":                "about a tariff",
	"tariff.withdrawn_reason":      "about a tariff",
	"course_retirement.reason":     "about a course",
	"planned_course_change.reason": "about a course",
	"foundation_change.text":       "about a law or guideline",
	"foundation_task.reason":       "about a course",
	"edition_withdrawal.reason":    "about an edition",
	"account_step.reason":          "of the person alone, and emptied",
	"certificate.code":             "opens what is gone",
	"course_draft.content":         "what a course says to all",
	"edition_content.content":      "what a course says to all",
	"audit_entry.subject_id":       "a number",
	"round_event.subject_id":       "a number",
	"sign_in_attempt.subject_hash": "a keyed count",
}
