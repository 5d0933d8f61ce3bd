package attendance

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
)

// When participants can check in themselves, before and after the day's start,
// and when they are late.
const (
	CheckInOpens  = 60 * time.Minute // before
	CheckInCloses = 30 * time.Minute // after; from then on the trainer decides
	LateAfter     = 15 * time.Minute
)

// How long the codes on the screen stand. The one before is accepted too, so
// that nobody is refused whose code changed while they were at it.
const (
	ScanStep  = time.Minute
	TypedStep = 5 * time.Minute
)

// ScanLife is how long a scan holds: long enough to sign in by a letter.
const ScanLife = 20 * time.Minute

// How often a wrong code may be tried.
const (
	codeTries = 5
)

// start is the moment at which the day begins.
func start(d round.Day) clock.Instant {
	hour, minute, _ := strings.Cut(d.Starts, ":")
	h, _ := strconv.Atoi(hour) // the plan has checked both
	m, _ := strconv.Atoi(minute)
	return d.Day.At(h, m)
}

// MarkAt is what somebody who arrives at the moment checks in as, or a fault:
// fault.Conflict "attendance.check_in.too_early" and "attendance.check_in.closed".
func MarkAt(d round.Day, arrival clock.Instant) (round.Mark, error) {
	start := start(d)
	switch opens := start.Add(-CheckInOpens); {
	case arrival < opens:
		return "", fault.Conflict("attendance.check_in.too_early", "At", opens)
	case arrival > start.Add(CheckInCloses):
		return "", fault.Conflict("attendance.check_in.closed")
	case arrival > start.Add(LateAfter):
		return round.Late, nil
	}
	return round.Present, nil
}

// secret is what a day's codes are made of.
type secret []byte

func (s secret) sum(purpose string, day int64, n int64) []byte {
	mac := hmac.New(sha256.New, s)
	_, _ = fmt.Fprintf(mac, "%s %d %d", purpose, day, n) // a hash takes everything
	return mac.Sum(nil)
}

func step(at clock.Instant, length time.Duration) int64 { return int64(at) / length.Microseconds() }

// scanCode is the code in the picture: 120 bits.
func (s secret) scanCode(day, n int64) string {
	return base64.RawURLEncoding.EncodeToString(s.sum("scan", day, n)[:15])
}

// typedCode is the code to type: six digits.
func (s secret) typedCode(day, n int64) string {
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(s.sum("typed", day, n))%1_000_000)
}

// ticket says that the day's picture was scanned at the moment.
func (s secret) ticket(day int64, at clock.Instant) string {
	second := int64(at) / 1e6
	return strconv.FormatInt(second, 36) + "." + base64.RawURLEncoding.EncodeToString(s.sum("ticket", day, second)[:15])
}

func same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// scanned is when the picture with the code was scanned: now, or when the ticket
// says. false for what is none of ours, or too old.
func (s secret) scanned(day int64, code string, now clock.Instant) (clock.Instant, bool) {
	if len(s) == 0 {
		return 0, false
	}
	if when, _, isTicket := strings.Cut(code, "."); isTicket {
		second, err := strconv.ParseInt(when, 36, 64)
		if err != nil || second < 0 || second > int64(now)/1e6 {
			return 0, false
		}
		at := clock.Instant(second * 1e6)
		return at, same(code, s.ticket(day, at)) && now <= at.Add(ScanLife)
	}
	n := step(now, ScanStep)
	return now, same(code, s.scanCode(day, n)) || same(code, s.scanCode(day, n-1))
}

func (s secret) typed(day int64, code string, now clock.Instant) bool {
	n := step(now, TypedStep)
	return len(s) > 0 && (same(code, s.typedCode(day, n)) || same(code, s.typedCode(day, n-1)))
}

// Screen is what is shown to the room: the day's list, for the number of those
// who have come, and the codes of the moment.
type Screen struct {
	round.Sheet
	Scan  string // for the picture
	Typed string // six digits
}

// OnScreen is the day's screen, for those who may save its attendance. The
// secret that its codes are made of is drawn when it is first shown.
func OnScreen(ctx context.Context, d *db.DB, viewer access.Viewer, dayID int64, now clock.Instant) (Screen, error) {
	sheet, err := round.SheetOf(ctx, d.Reader(), viewer, dayID)
	if err != nil {
		return Screen{}, err
	}
	key, err := secretOf(ctx, d.Reader(), dayID)
	if err != nil {
		return Screen{}, err
	}
	if len(key) == 0 {
		if key, err = drawSecret(ctx, d, dayID); err != nil {
			return Screen{}, err
		}
	}
	return Screen{sheet, key.scanCode(dayID, step(now, ScanStep)), key.typedCode(dayID, step(now, TypedStep))}, nil
}

func secretOf(ctx context.Context, q db.Querier, dayID int64) (secret, error) {
	key, _, err := readSecret(ctx, q, dayID)
	return key, err
}

// readSecret is the day's secret and how it is stored; none when its key is lost.
func readSecret(ctx context.Context, q db.Querier, dayID int64) (key secret, stored []byte, err error) {
	if stored, err = db.Row(ctx, q, db.One[[]byte], `SELECT code_secret FROM course_day WHERE id = $1`, dayID); err != nil {
		return nil, nil, err
	}
	text, _, err := sealing.Text(q, secretAt(dayID), string(stored))
	if len(text) == 0 {
		return nil, stored, err
	}
	return secret(text), stored, err
}

func secretAt(dayID int64) vault.Place {
	return vault.Place{Table: "course_day", Column: "code_secret", Row: vault.Row(dayID)}
}

// drawSecret gives the day a secret, unless somebody else just has.
func drawSecret(ctx context.Context, d *db.DB, dayID int64) (key secret, err error) {
	var drawn [32]byte
	_, _ = rand.Read(drawn[:]) // never fails: see crypto/rand
	err = d.Write(ctx, func(tx *db.Tx) error {
		was, stored, err := readSecret(ctx, tx, dayID)
		if err != nil {
			return err
		}
		if key = was; len(key) > 0 {
			return nil
		}
		sealed, err := db.Keys(tx).Seal(secretAt(dayID), string(drawn[:]))
		if err != nil {
			return err
		}
		// What cannot be read gives way, and so does nothing.
		if _, err := db.Exec(ctx, tx, `UPDATE course_day SET code_secret = $2 WHERE id = $1 AND (code_secret IS NULL OR code_secret = $3)`, dayID, []byte(sealed), stored); err != nil {
			return err
		}
		key, err = secretOf(ctx, tx, dayID)
		return err
	})
	return key, err
}

// errCode is a code that is wrong, or too old, or of no day: nobody learns which.
var errCode = fault.Conflict("attendance.check_in.code_expired")

// Scan turns a code that was just scanned, or the ticket of an earlier scan,
// into a ticket that holds for ScanLife from the scan on. It asks nobody who
// they are, so that one can sign in afterwards. fault.Conflict
// "attendance.check_in.code_expired".
func Scan(ctx context.Context, q db.Querier, dayID int64, code string, now clock.Instant) (string, error) {
	key, err := secretOf(ctx, q, dayID)
	if errors.Is(err, fault.NotFound) {
		return "", errCode
	}
	if err != nil {
		return "", err
	}
	at, ok := key.scanned(dayID, code, now)
	if !ok {
		return "", errCode
	}
	return key.ticket(dayID, at), nil
}

// OwnDay is a course day on which the viewer has a seat, with their own mark.
type OwnDay struct {
	round.Day
	RoundID     int64
	Course      string
	Label       string
	Days        int // of the round
	Cancelled   bool
	Local       bool // of a local round
	EnrolmentID int64
	Mark        round.Mark // empty: nobody has said
	Word        round.Word
	Completes   bool // what was just said has completed the course
}

// OwnDays are the viewer's course days on the day, the earliest first.
func OwnDays(ctx context.Context, q db.Querier, viewer access.Viewer, on clock.Day) ([]OwnDay, error) {
	return ownDays(ctx, q, viewer, "d.day = $2", on)
}

// MyDay is the course day if the viewer has a seat on it; otherwise
// fault.Conflict "attendance.check_in.not_enrolled".
func MyDay(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64) (OwnDay, error) {
	days, err := ownDays(ctx, q, viewer, "d.id = $2", dayID)
	if err == nil && len(days) == 0 {
		err = fault.Conflict("attendance.check_in.not_enrolled")
	}
	if err != nil {
		return OwnDay{}, err
	}
	return days[0], nil
}

func ownDays(ctx context.Context, q db.Querier, viewer access.Viewer, condition string, arg any) ([]OwnDay, error) {
	if viewer.PersonID == 0 {
		return nil, nil
	}
	return db.Rows(ctx, q, func(o *OwnDay) []any {
		return []any{
			&o.ID, &o.Ordinal, &o.Day.Day, &o.Starts, &o.Ends, &o.Place, &o.Link, &o.RoundID, &o.Course, &o.Label, &o.Days, &o.Cancelled, &o.Local,
			&o.EnrolmentID, &o.Mark, &o.Word.Source, &o.Word.At,
		}
	}, `
		SELECT
			d.id,
			d.ordinal,
			d.day,
			d.starts,
			d.ends,
			d.place,
			d.link,
			r.id,
			c.name,
			r.label,
			(SELECT COUNT(*) FROM course_day AS each WHERE each.round_id = r.id),
			r.cancelled_at IS NOT NULL,
			r.municipality_id IS NOT NULL,
			n.id,
			COALESCE(a.mark, ''),
			COALESCE(a.source, ''),
			COALESCE(a.marked_at, 0)
		FROM enrolment AS n
		JOIN course_day AS d ON d.round_id = n.round_id
		JOIN round AS r ON r.id = n.round_id
		JOIN course AS c ON c.id = r.course_id
		LEFT JOIN attendance AS a ON a.course_day_id = d.id AND a.enrolment_id = n.id
		WHERE n.person_id = $1
		AND n.withdrawn_at IS NULL
		AND `+condition+`
		ORDER BY d.starts, d.id`, viewer.PersonID, arg)
}

// CheckIn marks the viewer on the day by a scanned code or a ticket, as they
// were when they scanned. A mark that is there stays; the day tells whose it is.
// fault.Conflict "attendance.check_in.code_expired", "attendance.check_in.not_enrolled",
// "attendance.check_in.too_early", "attendance.check_in.closed" and "round.is_cancelled";
// fault.TooMany "attendance.check_in.too_many" after many wrong codes.
func CheckIn(ctx context.Context, d *db.DB, viewer access.Viewer, dayID int64, code string, now clock.Instant) (OwnDay, error) {
	return arrive(ctx, d, func(tx *db.Tx) (OwnDay, error, error) {
		mine, err := MyDay(ctx, tx, viewer, dayID)
		if problem := fault.Of(err); problem != nil {
			if _, codeErr := Scan(ctx, tx, dayID, code, now); codeErr != nil {
				return mine, nil, codeErr // without a seat there is nothing to guess
			}
			return mine, problem, nil
		}
		if err != nil {
			return mine, nil, err
		}
		key, err := secretOf(ctx, tx, dayID)
		if err != nil {
			return mine, nil, err
		}
		var at clock.Instant
		wrong, err := try(ctx, tx, viewer, []OwnDay{mine}, now, func(OwnDay) (bool, error) {
			var ok bool
			at, ok = key.scanned(dayID, code, now)
			return ok, nil
		})
		if wrong != nil || err != nil {
			return mine, wrong, err
		}
		return checkIn(ctx, tx, viewer, mine, at, now)
	})
}

// CheckInTyped marks the viewer on that of their days today whose screen shows
// the six digits; spaces between them do not matter. The faults are those of
// CheckIn, and "attendance.check_in.no_day" when they have no course day today.
func CheckInTyped(ctx context.Context, d *db.DB, viewer access.Viewer, code string, now clock.Instant) (OwnDay, error) {
	code = strings.Join(strings.Fields(code), "")
	return arrive(ctx, d, func(tx *db.Tx) (OwnDay, error, error) {
		days, err := OwnDays(ctx, tx, viewer, now.Day())
		if err != nil {
			return OwnDay{}, nil, err
		}
		if len(days) == 0 {
			return OwnDay{}, fault.Conflict("attendance.check_in.no_day"), nil
		}
		var mine OwnDay
		wrong, err := try(ctx, tx, viewer, days, now, func(day OwnDay) (bool, error) {
			mine = day
			key, err := secretOf(ctx, tx, day.ID)
			return key.typed(day.ID, code, now), err
		})
		if wrong != nil || err != nil {
			return OwnDay{}, wrong, err
		}
		return checkIn(ctx, tx, viewer, mine, now, now)
	})
}

// arrive runs f in a transaction that also keeps what led to a refusal: a wrong
// code counts although nothing else comes of it.
func arrive(ctx context.Context, d *db.DB, f func(tx *db.Tx) (mine OwnDay, refused, err error)) (OwnDay, error) {
	var mine OwnDay
	var refused error
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		mine, refused, err = f(tx)
		return err
	})
	if err == nil {
		err = refused
	}
	return mine, err
}

// try asks of each day whether the code is right. A wrong one is counted
// before anybody learns that it is wrong, so that many guesses at once are
// counted as many.
func try(ctx context.Context, tx *db.Tx, viewer access.Viewer, days []OwnDay, now clock.Instant, right func(OwnDay) (bool, error)) (wrong, err error) {
	for _, day := range days {
		tries, err := db.Row(ctx, tx, db.One[int], `
			INSERT INTO code_attempt (course_day_id, person_id, since, tries)
			VALUES ($1, $2, $3, 1)
			ON CONFLICT (course_day_id, person_id) DO UPDATE
			SET tries = CASE WHEN code_attempt.since <= $4 THEN 1 ELSE code_attempt.tries + 1 END,
				since = CASE WHEN code_attempt.since <= $4 THEN excluded.since ELSE code_attempt.since END
			RETURNING tries`, day.ID, viewer.PersonID, now, now.Add(-codeWindow))
		if err != nil {
			return nil, err
		}
		if tries > codeTries {
			return &fault.Error{Kind: fault.KindTooMany, Key: "attendance.check_in.too_many"}, nil
		}
	}
	for _, day := range days {
		ok, err := right(day)
		if err != nil {
			return nil, err
		}
		if ok {
			_, err := db.Exec(ctx, tx, `DELETE FROM code_attempt WHERE person_id = $1 AND course_day_id = $2`, viewer.PersonID, day.ID)
			return nil, err
		}
	}
	return errCode, nil
}

// checkIn writes the participant's own mark, if it counts over what is there.
func checkIn(ctx context.Context, tx *db.Tx, viewer access.Viewer, mine OwnDay, at, now clock.Instant) (OwnDay, error, error) {
	if mine.Cancelled {
		return mine, fault.Conflict("round.is_cancelled"), nil
	}
	mark, refused := MarkAt(mine.Day, at)
	if refused != nil && mine.Mark == "" {
		return mine, refused, nil
	}
	if err := round.Hold(ctx, tx, mine.RoundID); err != nil {
		return mine, nil, err
	}
	mine, err := MyDay(ctx, tx, viewer, mine.ID) // as it is now that nobody else changes it
	if problem := fault.Of(err); problem != nil {
		return mine, problem, nil
	}
	word := round.Word{Source: round.SelfSaid, At: at}
	if err != nil || refused != nil || !round.Counts(mine.Word, word) {
		return mine, nil, err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at, marked_by, source)
		VALUES ($1, $2, $3, $4, $5, $6)`, mine.ID, mine.EnrolmentID, mark, at, viewer.PersonID, word.Source)
	if err != nil {
		return mine, nil, err
	}
	mine.Mark, mine.Word = mark, word
	return mine, nil, follow(ctx, tx, mine.RoundID, mine.ID, map[int64]string{mine.EnrolmentID: ""}, now)
}
