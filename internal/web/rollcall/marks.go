package rollcall

import (
	"net/http"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
	"yrkesresan/internal/web/visit"
)

// What the attendance list's script sends and gets (assets/attendance.js).
// Times are milliseconds of the device's clock (clock.MadeAt).
type (
	sentMarks struct {
		Person int64      `json:"person"` // who made the marks
		Sent   int64      `json:"sent"`
		Marks  []sentMark `json:"marks"`
	}
	sentMark struct {
		Key       string     `json:"key"`
		Enrolment int64      `json:"enrolment"`
		Trainer   int64      `json:"trainer"`
		Mark      round.Mark `json:"mark"`
		Reason    string     `json:"reason"`
		At        int64      `json:"at"`
	}
	receivedMarks struct {
		Marks []receivedMark `json:"marks"`
	}
	receivedMark struct {
		Key     string                 `json:"key"`
		Outcome attendance.MarkOutcome `json:"outcome"`
		Text    string                 `json:"text,omitempty"`
	}
)

// shownMark is a mark for the list that is open: own is the participant's own
// word.
type shownMark struct {
	Enrolment int64      `json:"enrolment"`
	Mark      round.Mark `json:"mark"`
	Own       bool       `json:"own"`
}

// Marks are those that the day has now.
func Marks(v *visit.Visit) error {
	sheet, err := sheetInAddress(v)
	if err != nil {
		return v.RefuseJSON(err)
	}
	all := []shownMark{}
	for _, e := range sheet.Enrolments {
		if e.Marks[0] != "" {
			all = append(all, shownMark{e.ID, e.Marks[0], e.Words[0].Source == round.SelfSaid})
		}
	}
	return v.AnswerJSON(http.StatusOK, all)
}

// most is how many marks are taken at a time.
const most = 500

// SaveMarks takes marks from a list that may have had no network. It is open, so
// that a script whose sign-in has expired is told so instead of being led to a
// page: 401, and 403 when somebody else is signed in than who made the marks.
func SaveMarks(v *visit.Visit) error {
	if !v.SignedIn() {
		return v.AnswerJSON(http.StatusUnauthorized, map[string]string{"text": v.T("attendance.signed_out")})
	}
	var sent sentMarks
	err := v.ReadJSON(&sent)
	switch {
	case err != nil || len(sent.Marks) > most:
		return v.AnswerJSON(http.StatusBadRequest, map[string]string{"text": v.T("attendance.unreadable")})
	case sent.Person != v.Viewer.PersonID:
		return v.AnswerJSON(http.StatusForbidden, map[string]string{"text": v.T("attendance.signed_out")})
	}
	dayID, err := v.ID("day")
	if err != nil {
		return v.RefuseJSON(err)
	}
	marks := make([]attendance.SentMark, len(sent.Marks))
	for i, m := range sent.Marks {
		marks[i] = attendance.SentMark{
			Key: m.Key, EnrolmentID: m.Enrolment, TrainerID: m.Trainer, Mark: m.Mark, Reason: m.Reason, At: clock.MadeAt(v.Now, m.At, sent.Sent),
		}
	}
	var receipts []attendance.Receipt
	err = v.Write(func(tx *db.Tx) (err error) {
		receipts, err = attendance.SaveMarks(v.Context(), tx, v.Viewer, dayID, marks, v.Now)
		return err
	})
	if err != nil {
		return v.RefuseJSON(err)
	}
	answer := receivedMarks{Marks: make([]receivedMark, len(receipts))}
	for i, r := range receipts {
		answer.Marks[i] = receivedMark{Key: r.Key, Outcome: r.Outcome}
		if r.Fault != nil {
			answer.Marks[i].Text = v.T(r.Fault.Key, r.Fault.Args...)
		}
	}
	return v.AnswerJSON(http.StatusOK, answer)
}
