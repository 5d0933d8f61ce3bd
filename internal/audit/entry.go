package audit

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// Act is what was done.
type Act string

// The acts.
const (
	Read     Act = "read"
	Altered  Act = "changed"
	Exported Act = "exported" // taken out as a file
	Erased   Act = "erased"
	Refused  Act = "refused" // tried and not allowed
)

// Key is the act's message key.
func (a Act) Key() string { return "audit.act_" + string(a) }

// Kind is the kind of fact that it was done to.
type Kind string

// The kinds of fact.
const (
	Person      Kind = "person"      // name, address, the page as a whole
	Employment  Kind = "employment"  // where somebody works, from when, on what terms
	Leave       Kind = "leave"       // time away
	Account     Kind = "account"     // part in a journey: its roles and its end
	Step        Kind = "step"        // in a journey
	Completion  Kind = "completion"  // of a course
	Certificate Kind = "certificate" // of a course or a step
	Seat        Kind = "seat"        // in a round
	Attendance  Kind = "attendance"  // on a course day
	Needs       Kind = "needs"       // diet, and what somebody needs in order to take part
	Role        Kind = "role"        // that opens other people's data
	Sessions    Kind = "sessions"    // where somebody is signed in
	Remark      Kind = "remark"      // what somebody says is wrong
	TrainerDays Kind = "trainer_days"
	Team        Kind = "team"       // part in the team of a course
	StudyTime   Kind = "study_time" // time to learn at work, and whether they got it
	StaffFile   Kind = "staff_file" // the personnel system's row
	OwnData     Kind = "own_data"   // all that is kept about somebody, as a file
	Log         Kind = "log"        // the audit itself
	Sight       Kind = "sight"      // who sees what
	Erasure     Kind = "erasure"
	Support     Kind = "support"   // seeing the pages as somebody
	Protected   Kind = "protected" // that an identity is protected, and who it is
	Merger      Kind = "merger"    // that two rows are one person, or no longer
)

// Kinds are all kinds of fact.
var Kinds = []Kind{
	Person, Employment, Leave, Account, Step, Completion, Certificate, Seat, Attendance, Needs,
	Role, Sessions, Remark, TrainerDays, Team, StudyTime, StaffFile, OwnData, Log, Sight, Erasure, Support, Protected, Merger,
}

// Key is the kind's message key.
func (k Kind) Key() string { return "audit.kind_" + string(k) }

// Entry is one act on the facts of one person.
type Entry struct {
	ID             int64
	At             clock.Instant
	Act            Act
	Kind           Kind
	SubjectID      int64 // whom it is about; 0: many people of the municipality, none of them named
	MunicipalityID int64 // where they were employed then; 0: nowhere
	ActorID        int64 // who did it; 0: a token, or the product itself
	TokenID        int64
	BehalfID       int64  // whose pages the actor saw with their consent; 0: nobody's
	Page           string // the pattern of the page's address; "" for what is no page's
}

// Changed notes that the viewer changed facts of the kind about people. It rides the
// transaction that changes them.
func Changed(ctx context.Context, tx *db.Tx, viewer access.Viewer, kind Kind, people ...int64) error {
	return add(ctx, tx, viewer, Altered, kind, "", people)
}

// Note is Changed for another act.
func Note(ctx context.Context, tx *db.Tx, viewer access.Viewer, act Act, kind Kind, people ...int64) error {
	return add(ctx, tx, viewer, act, kind, "", people)
}

// ChangedBy is Changed of what hangs on the rows that the query finds: it gives the people.
func ChangedBy(ctx context.Context, tx *db.Tx, viewer access.Viewer, kind Kind, query string, args ...any) error {
	people, err := db.Rows(ctx, tx, db.One[int64], query, args...)
	if err != nil {
		return err
	}
	return add(ctx, tx, viewer, Altered, kind, "", people)
}

// most is how many people are written of in one statement.
const most = 500

// add writes an entry for each of the people, each once, with the municipality where they
// are employed: the first begun of several, or the last one of who has left.
func add(ctx context.Context, q db.Querier, viewer access.Viewer, act Act, kind Kind, page string, people []int64) error {
	people = slices.Clone(people)
	slices.Sort(people)
	people = slices.Compact(people)
	if len(people) > 0 && people[0] == 0 {
		people = people[1:]
	}
	actor, behalf := viewer.ActorID(), (*int64)(nil)
	if viewer.SeenBy != 0 {
		actor, behalf = &viewer.SeenBy, viewer.ActorID()
	}
	for some := range slices.Chunk(people, most) {
		var b db.Builder
		b.Add(`
			INSERT INTO audit_entry (act, kind, subject_id, municipality_id, actor_id, token_id, behalf_id, page)
			SELECT
				?,
				?,
				p.id,
				(
					SELECT e.municipality_id
					FROM employment AS e
					WHERE e.person_id = p.id
					ORDER BY e.to_day IS NOT NULL, e.to_day DESC, e.from_day
					LIMIT 1
				),
				CAST(? AS BIGINT),
				CAST(? AS BIGINT),
				CAST(? AS BIGINT),
				?
			FROM person AS p`, string(act), string(kind), actor, viewer.Token(), behalf, page)
		condition, args := db.In("p.id", some)
		b.Add("WHERE "+condition+" ORDER BY p.id", args...)
		if _, err := db.Exec(ctx, q, b.String(), b.Args()...); err != nil {
			return err
		}
	}
	return nil
}

// addMany writes an entry about many people of a municipality.
func addMany(ctx context.Context, q db.Querier, r read) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO audit_entry (act, kind, subject_id, municipality_id, actor_id, token_id, page)
		VALUES ($1, $2, 0, $3, $4, $5, $6)`, string(r.act), string(r.kind), r.many, r.viewer.ActorID(), r.viewer.Token(), r.page)
	return err
}
