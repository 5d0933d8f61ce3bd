package report

import (
	"context"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/recruitment"
	"yrkesresan/internal/studytime"
)

// TermTime is the time to learn of a term ("vt", "ht").
type TermTime struct {
	Term string
	studytime.Sums
}

// working reads how trainers came and went (the printed report, 4.1), and the time to learn of the
// year's terms. over tells that the year is, and that its figures are not those of a day;
// read is the day on which somebody looks, 0 after all terms.
func (r *AnnualReport) working(ctx context.Context, q db.Querier, viewer access.Viewer, over bool, read clock.Day) (err error) {
	if r.Comings, err = recruitment.YearOf(ctx, q, viewer, r.Region.ID, r.Year, r.AsOf); err != nil {
		return err
	}
	for _, term := range []string{clock.Spring, clock.Autumn} {
		from, until := studytime.Term(r.Year, term)
		today := r.AsOf
		if over {
			today = until + 1
		}
		if read != 0 {
			today = min(today, read)
		}
		sums, err := studytime.OfRegion(ctx, q, viewer, r.Region.ID, from, until, today)
		if err != nil {
			return err
		}
		if sums.Total.Minutes+sums.Total.Had.Of()+sums.Total.AtWork.Of() > 0 {
			r.Time = append(r.Time, TermTime{term, sums})
		}
	}
	return nil
}

// comings is how many trainers ended and were refused, by reason. In figures, of the whole region.
func (w writer) comings() Table {
	y := w.r.Comings
	t := Table{
		ID: "trainers", Sheet: w.l.T("report.sheet.trainers"), Title: w.l.T("report.title.trainers"),
		Caption: w.l.T("report.caption.trainers", "Recruited", y.Recruited, "Wished", y.Wished),
		Columns: []string{w.l.T("comings.reason"), w.l.T("comings.ended"), w.l.T("comings.refused")},
	}
	line := func(name, key string, ended, refused int, total bool) {
		t.Rows = append(t.Rows, Row{Name: name, Total: total, Cells: []Cell{
			figure(Count, ended, "trainers.ended."+key, w.l.T("report.figure.trainers_ended", "Reason", name)),
			figure(Count, refused, "trainers.refused."+key, w.l.T("report.figure.trainers_refused", "Reason", name)),
		}})
	}
	for _, l := range y.Lines {
		line(w.l.T(l.Reason.Key()), string(l.Reason), l.Ended, l.Refused, false)
	}
	line(w.l.T("comings.unsaid"), "unsaid", y.Unsaid, 0, false)
	line(w.l.T("report.total"), "total", y.Ended, y.Refused, true)
	return t
}

// studyTime is the time to learn of each term, by municipality and together: what was set, and how much of it came to be.
func (w writer) studyTime() Table {
	t := Table{
		ID: "study-time", Sheet: w.l.T("report.sheet.study_time"), Title: w.l.T("report.title.study_time"),
		Caption: w.l.T("report.caption.study_time", "Fewest", studytime.FewestShown),
		Columns: []string{w.l.T("studytime.term_place"), w.l.T("studytime.column.set"), w.l.T("studytime.column.people"), w.l.T("studytime.column.share_had"), w.l.T("studytime.column.share_prepared")},
	}
	for _, each := range w.r.Time {
		term := w.l.T("studytime.term_"+each.Term, "Year", strconv.Itoa(w.r.Year))
		for _, l := range each.Lines {
			place := l.Place.Name
			if l.Place.Kind == organisation.Region {
				place = w.l.T("studytime.own")
			}
			t.Rows = append(t.Rows, Row{Name: term + ", " + place, Cells: w.timeCells(l, term+", "+place, each.Term+"."+placeKey(l))})
		}
		t.Rows = append(t.Rows, Row{Name: term, Total: true, Cells: w.timeCells(each.Total, term, each.Term)})
	}
	return t
}

// placeKey is the name of the municipality; for the region's own one that no municipality has: Gotland's is also a region.
func placeKey(l studytime.Line) string {
	if l.Place.Kind == organisation.Region {
		return "own"
	}
	return l.Place.Name
}

// timeCells are the figures of a line of study time.
func (w writer) timeCells(l studytime.Line, name, key string) []Cell {
	key = "study_time." + key
	share := func(s studytime.Share, part string) Cell {
		if !s.Shown() {
			return w.text(w.l.T("studytime.too_few"))
		}
		return figure(Percent, (2000*s.Yes+s.Of())/(2*s.Of()), key+"."+part, w.l.T("report.figure.study_"+part, "Term", name))
	}
	return []Cell{
		{Unit: Mean, Value: int64((l.Minutes*10 + 30) / 60), Key: key + ".hours", Label: w.l.T("report.figure.study_hours", "Term", name)},
		figure(Count, l.People, key+".people", w.l.T("report.figure.study_people", "Term", name)),
		share(l.Had, "had"), share(l.AtWork, "prepared"),
	}
}

// comingsJSON are the figures of comings.
func (w writer) comingsJSON() object {
	y := w.r.Comings
	reasons := []object{}
	for _, l := range y.Lines {
		reasons = append(reasons, object{{"reason", l.Reason}, {"ended", l.Ended}, {"refused", l.Refused}})
	}
	return object{{"recruited", y.Recruited}, {"wished", y.Wished}, {"ended", y.Ended}, {"refused", y.Refused}, {"ended_without_reason", y.Unsaid}, {"reasons", reasons}}
}

// studyTimeJSON are those of studyTime; a share of too few is null.
func (w writer) studyTimeJSON() []object {
	figures := func(l studytime.Line) object {
		cells := w.timeCells(l, "", "")
		share := func(c Cell) any {
			if c.Unit == "" {
				return nil
			}
			return number(c.Unit, c.Value)
		}
		return object{
			{"hours_set", number(cells[0].Unit, cells[0].Value)}, {"people", cells[1].Value},
			{"had_percent", share(cells[2])}, {"prepared_percent", share(cells[3])},
		}
	}
	rows := []object{}
	for _, each := range w.r.Time {
		places := []object{}
		for _, l := range each.Lines {
			places = append(places, append(object{{"place", placeKey(l)}}, figures(l)...))
		}
		rows = append(rows, append(append(object{{"term", each.Term}}, figures(each.Total)...), field{"places", places}))
	}
	return rows
}
