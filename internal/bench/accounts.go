package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/xuri/excelize/v2"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
)

// What a personnel system and those who sign in ask for.
var (
	coming = page{
		name: "SCIM: somebody comes", role: access.MunicipalAdmin, path: func(person, int) string { return "/scim/v2/Users" },
		want: `"id"`, goal: 3, send: func() func(person, int) (string, string) {
			var n atomic.Int64
			return func(person, int) (string, string) {
				i := n.Add(1)
				return http.MethodPost, fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"kom%d@bench.example","externalId":"b%d",`+
					`"name":{"givenName":"Åsa","familyName":"Öberg %d"},"active":true}`, i, i, i)
			}
		}(),
	}
	signingIn = page{
		name: "signing in by a link", role: access.Employee, path: func(person, int) string { return identity.LinkPath },
		want: "leads to </>", goal: 5,
		send: func(p person, _ int) (string, string) { return http.MethodPost, "token=" + url.QueryEscape(p.token) },
	}
)

const (
	scimTokens   = 12    // one may send 3 000 calls a minute
	linksASecond = 3_000 // more than are used by as many clients as ask
)

// measureAccounts measures them on a copy of the database, which is thrown away.
func measureAccounts(ctx context.Context, o options, program string, c country, base map[int]measure) ([]measure, error) {
	if !contains(coming.name+" "+signingIn.name, o.only) {
		return nil, nil
	}
	remove, err := c.copy(ctx, o)
	if err != nil {
		return nil, err
	}
	defer remove()
	var systems []person
	for range scimTokens {
		made, err := exec.CommandContext(ctx, program, "token", "create", "--db", c.address,
			"--role", string(access.MunicipalAdmin), "--municipality", c.people[planner][0].town, "--scope", string(identity.ForSCIM)).Output()
		if err != nil {
			return nil, fmt.Errorf("make a token: %w", err)
		}
		systems = append(systems, person{token: strings.TrimSpace(string(made))})
	}
	server, err := startServer(ctx, o, program, c)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	var all []measure
	for _, clients := range clientCounts {
		for _, p := range []page{coming, signingIn} {
			if !contains(p.name, o.only) {
				continue
			}
			t := target{URL: server.url, Work: work{server.pid(), c.postmaster}, Cookie: c.cookie, Page: p, People: systems, Bearer: true, Clients: clients, For: o.duration()}
			if p.name == signingIn.name {
				t.For, t.Bearer, t.Once = min(t.For, 2*time.Second), false, true
				if t.People, err = linked(ctx, c.address, int((t.For+warmUp).Seconds()*linksASecond)); err != nil {
					return nil, err
				}
			}
			m, err := drive(ctx, t)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			all = append(all, m)
			fmt.Println(m.line(base[clients]))
		}
	}
	return all, nil
}

// linked are n different people with a link to sign in by.
func linked(ctx context.Context, address string, n int) ([]person, error) {
	d, err := db.Open(ctx, address)
	if err != nil {
		return nil, err
	}
	people, err := db.Rows(ctx, d.Reader(), func(p *person) []any { return []any{&p.id} }, `
		SELECT p.id
		FROM person AS p
		WHERE EXISTS (SELECT 1 FROM employment AS e WHERE e.person_id = p.id AND e.to_day IS NULL)
		AND NOT EXISTS (SELECT 1 FROM role_grant AS g WHERE g.person_id = p.id)
		AND NOT EXISTS (SELECT 1 FROM sign_in_link AS l WHERE l.person_id = p.id)
		ORDER BY (p.id * 7919) % 104729, p.id
		LIMIT $1`, n)
	for i := range people {
		if err != nil {
			break
		}
		people[i].token, err = identity.MakeLink(ctx, d, clock.System(), people[i].id, "/")
	}
	return people, errors.Join(err, d.Close())
}

// staffFile is a municipality's staff as its personnel system gives it, with its goals.
type staffFile struct {
	name   string
	rows   int
	book   bool // a workbook, not CSV
	alone  bool // into a database with no people in it, else into the country
	within map[db.Engine]time.Duration
}

var staffFiles = []staffFile{
	{"import of 10 000 staff, CSV", 10_000, false, false, map[db.Engine]time.Duration{db.SQLite: 2 * time.Second, db.Postgres: 6 * time.Second}},
	{"import of 20 000 staff, XLSX", 20_000, true, false, map[db.Engine]time.Duration{db.SQLite: 10 * time.Second, db.Postgres: 20 * time.Second}},
	{"import of 300 000 staff, CSV", 300_000, false, true, map[db.Engine]time.Duration{db.SQLite: time.Minute, db.Postgres: 3 * time.Minute}},
}

// How much memory an import may take, and how long another write may wait meanwhile.
const (
	importMemory = 300 << 20
	longestWait  = 200 * time.Millisecond
)

// imported is how an import went.
type imported struct {
	staffFile

	Took   time.Duration
	CPU    time.Duration // of the program; a database server's is not in it
	Memory int64         // of the program, at most
	Waited time.Duration // the longest that a write of somebody else took
}

func measureImports(ctx context.Context, o options, program string, c country) (all []imported, err error) {
	for _, f := range staffFiles {
		if !contains(f.name, o.only) {
			continue
		}
		i, err := f.measure(ctx, o, program, c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		fmt.Printf("%-56s %.1f s, %.1f s of CPU, %s MB, another write waited %s ms\n", f.name, i.Took.Seconds(), i.CPU.Seconds(), mb(i.Memory), ms(i.Waited))
		all = append(all, i)
	}
	return all, nil
}

func (f staffFile) measure(ctx context.Context, o options, program string, c country) (imported, error) {
	to := c.copy
	if f.alone {
		to = c.empty
	}
	remove, err := to(ctx, o)
	if err != nil {
		return imported{}, err
	}
	defer remove()
	if err := exec.CommandContext(ctx, program, "migrate", "--db", c.address).Run(); err != nil {
		return imported{}, fmt.Errorf("migrate: %w", err)
	}
	file, err := f.write(o.dir)
	if err != nil {
		return imported{}, err
	}
	d, err := db.Open(ctx, c.address)
	if err != nil {
		return imported{}, err
	}
	others, stop := context.WithCancel(ctx)
	waited := make(chan time.Duration, 1)
	var out, log bytes.Buffer
	command := exec.CommandContext(ctx, program, "import", "staff", "--db", c.address, "--municipality", "2080", "--journey", "funktionshinder-utforare", "--yes", file)
	command.Stdout, command.Stderr = &out, &log
	began := time.Now()
	if err := command.Start(); err != nil {
		stop()
		return imported{}, err
	}
	i := imported{staffFile: f}
	go func() {
		waited <- waits(others, d, func() {
			if now, err := memory(command.Process.Pid, "VmHWM"); err == nil { // until it has ended
				i.Memory = now
			}
		})
	}()
	err = command.Wait()
	i.Took = time.Since(began)
	stop()
	i.Waited = <-waited
	if err = errors.Join(err, d.Close(), os.Remove(file)); err != nil {
		return i, fmt.Errorf("%w: %s", err, log.Bytes()[max(0, log.Len()-300):])
	}
	i.CPU = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	var told struct{ Read, Added int }
	if err := json.Unmarshal(out.Bytes(), &told); err != nil {
		return i, err
	}
	if told.Read != f.rows || told.Added != f.rows {
		return i, fmt.Errorf("%d of %d rows were added", told.Added, f.rows)
	}
	return i, nil
}

// waits is the longest that a small write took, of those that somebody makes again and again
// until ctx ends; look is called with each.
func waits(ctx context.Context, d *db.DB, look func()) (longest time.Duration) {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return longest
		case <-again.C:
		}
		look()
		began := time.Now()
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE organisation SET name = name WHERE kind = 'nation'`)
			return err
		}); err == nil {
			longest = max(longest, time.Since(began))
		}
	}
}

// write makes the file in the folder.
func (f staffFile) write(dir string) (string, error) {
	heading := []any{"staff_id", "given_name", "family_name", "email", "unit", "profession", "employment_form", "employed_from", "employed_until", "in_profession_since", "role"}
	row := func(i int) []any {
		return []any{
			fmt.Sprintf("b%06d", i), [4]string{"Åsa", "Björn", "Märta", "Örjan"}[i%4], fmt.Sprintf("Ängström%d", i), fmt.Sprintf("b%d@bench.example", i),
			fmt.Sprintf("Enhet %d", i%(f.rows/500)), "Stödassistent", "permanent", "2025-01-15", "", "2020-03-01", "employee",
		}
	}
	if !f.book {
		name := filepath.Join(dir, "staff.csv")
		var b bytes.Buffer
		for i := -1; i < f.rows; i++ {
			cells := heading
			if i >= 0 {
				cells = row(i)
			}
			for n, cell := range cells {
				if n > 0 {
					b.WriteByte(';')
				}
				fmt.Fprint(&b, cell)
			}
			b.WriteByte('\n')
		}
		return name, os.WriteFile(name, b.Bytes(), 0o600)
	}
	name := filepath.Join(dir, "staff.xlsx")
	book := excelize.NewFile()
	stream, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return "", err
	}
	err = stream.SetRow("A1", heading)
	for i := range f.rows {
		if err != nil {
			break
		}
		err = stream.SetRow(fmt.Sprintf("A%d", i+2), row(i))
	}
	if err == nil {
		err = stream.Flush()
	}
	if err == nil {
		err = book.SaveAs(name)
	}
	return name, errors.Join(err, book.Close())
}

// lines are what the table of the whole program says of the import.
func (i imported) lines(engine db.Engine) string {
	within := i.within[engine]
	return fmt.Sprintf("| %s | %.1f s | %.0f s | %s |\n", i.name, i.Took.Seconds(), within.Seconds(), met(i.Took <= within)) +
		fmt.Sprintf("| … its most memory | %s MB | %s MB | %s |\n", mb(i.Memory), mb(importMemory), met(i.Memory <= importMemory)) +
		fmt.Sprintf("| … the longest that another write took meanwhile | %s ms | %s ms | %s |\n", ms(i.Waited), ms(longestWait), met(i.Waited <= longestWait))
}
