package web_test

import (
	"bufio"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/visit/trail"
)

// unaudited are the routes whose address leads to a person and that write no read, each
// with its reason.
func unaudited(t *testing.T) map[string]string {
	t.Helper()
	file, err := os.Open("testdata/unaudited.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all := map[string]string{}
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		if words := strings.Fields(scanner.Text()); len(words) > 2 && words[0] != "#" {
			all[words[0]+" "+words[1]] = strings.Join(words[2:], " ")
		}
	}
	return all
}

// Each route whose address leads to a person says which facts about them it shows, or
// stands in the list of those that show none.
func TestEveryRouteAboutAPersonIsAudited(t *testing.T) {
	reasons, audited := unaudited(t), 0
	for _, r := range web.Routes(newSite(t).server) {
		key := r.Method + " " + r.Path
		about := slices.ContainsFunc(trail.Things(), func(name string) bool { return strings.Contains(r.Path, "{"+name+"}") })
		switch {
		case r.WhatIsRead() != "":
			audited++
			if !slices.Contains(audit.Kinds, r.WhatIsRead()) {
				t.Errorf("%s reads what is no kind of fact: %s", key, r.WhatIsRead())
			}
			if reasons[key] != "" {
				t.Errorf("%s is audited and in the list of what is not", key)
			}
		case about && reasons[key] == "":
			t.Errorf("%s is about a person: say what it reads (Reads), or why nothing, in testdata/unaudited.txt", key)
		}
		delete(reasons, key)
	}
	for key := range reasons {
		t.Errorf("%s is in testdata/unaudited.txt and is no route", key)
	}
	if audited < 30 {
		t.Errorf("only %d routes are audited", audited)
	}
}

// read are the entries since the last call, as "actor act kind subject page".
func (s *site) audited() []audit.Entry {
	s.t.Helper()
	all, err := audit.Between(s.t.Context(), s.db.Reader(), access.System(), access.Place{}, clock.Date(2000, 1, 1), clock.Date(2200, 1, 1), 1_000_000)
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func TestWhoOpensAPersonIsWrittenAndThePersonReadsIt(t *testing.T) {
	s := newSite(t)
	learner := s.id(`SELECT id FROM person WHERE email = 'medarbetare@example.org'`)
	operator := s.id(`SELECT id FROM person WHERE email = 'drift@example.org'`)
	manager := s.id(`SELECT id FROM person WHERE email = 'chef@example.org'`)
	path := "/people/" + strconv.FormatInt(learner, 10)
	for _, c := range []struct {
		name, email string
		visit       func(v *visitor) answer
		want        []audit.Entry
	}{
		{"an operator opens the page", "drift@example.org", func(v *visitor) answer { return v.get(path) },
			[]audit.Entry{{Act: audit.Read, Kind: audit.Person, SubjectID: learner, ActorID: operator, Page: "/people/{person}"}}},
		{"oneself is not written", "medarbetare@example.org", func(v *visitor) answer { return v.get(path) }, nil},
		{"nor who is refused", "styrgrupp@example.org", func(v *visitor) answer { return v.get(path) }, nil},
		{"a refused form shows the page, too", "drift@example.org", func(v *visitor) answer {
			return v.post(path+"/correction", url.Values{"given_name": {""}, "family_name": {""}})
		}, []audit.Entry{{Act: audit.Read, Kind: audit.Person, SubjectID: learner, ActorID: operator, Page: "/people/{person}/correction"}}},
	} {
		before := len(s.audited())
		c.visit(s.as(c.email))
		var got []audit.Entry
		for _, e := range s.audited()[before:] {
			e.ID, e.At, e.MunicipalityID = 0, 0, 0
			got = append(got, e)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}

	// What is taken out is written of each.
	before := len(s.audited())
	if a := s.as("chef@example.org").get("/my/staff.csv"); a.status != 200 {
		t.Fatal(a.status)
	}
	exported := s.audited()[before:]
	if len(exported) < 3 {
		t.Errorf("%d are written of a file of staff", len(exported))
	}
	for _, e := range exported {
		if e.Act != audit.Exported || e.ActorID != manager {
			t.Errorf("got %+v", e)
		}
	}

	page := s.as("medarbetare@example.org").get("/my/page/log")
	for _, want := range []string{"Öppnade: namn och personsida", s.text(`SELECT given_name || ' ' || family_name FROM person WHERE email = 'drift@example.org'`)} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
}
