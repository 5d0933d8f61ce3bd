package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/text"
)

// Token is the commands about keys of the API.
type Token struct {
	Create TokenCreate `cmd:"" help:"Make a token for another system and print it, alone, on standard output."`
	List   TokenList   `cmd:"" help:"Show the tokens: what each is for, what it opens and when it was used."`
	Revoke TokenRevoke `cmd:"" help:"End a token at once and for ever."`
}

// TokenCreate is the command of that name.
type TokenCreate struct {
	Database
	Role         access.Role `help:"What the token acts as: regional, municipal_admin, steering, producer, national, national_reader or operator." enum:"regional,municipal_admin,steering,producer,national,national_reader,operator" default:"regional"`
	Region       string      `help:"The region's name in addresses, such as dalarna: for regional, steering and producer." xor:"place" placeholder:"NAME"`
	Municipality string      `help:"The municipality's code or its name in addresses, such as 2080 or falun: for municipal_admin." xor:"place" placeholder:"CODE"`
	Scope        string      `help:"What the token opens: api, or scim for the system that keeps a municipality's staff (/scim/v2)." enum:"api,scim" default:"api"`
	Name         string      `help:"What the token is for, to be known by on the page of tokens." default:"yrkesresan token create"`
}

// Run makes the token. Nothing else is printed, so that a script can take it.
func (c TokenCreate) Run(ctx context.Context) error {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	place, err := c.place(ctx, d.Reader())
	if err != nil {
		return err
	}
	var key string
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		key, err = identity.MakeToken(ctx, tx, access.System(), identity.TokenScope(c.Scope), text.Line(c.Name), c.Role, place, clock.System())
		return err
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		switch {
		case f.Fields[0].Name == "name":
			return errors.New("--name must have 1 to 100 characters")
		case f.Fields[0].Name == "scope":
			return errors.New("a token of the scope scim is a municipality's: give --role municipal_admin and --municipality")
		case c.Region == "" && c.Municipality == "":
			return fmt.Errorf("a token of the role %s needs a place: give --region or --municipality", c.Role)
		}
		return fmt.Errorf("the role %s is not held at such a place: --help says which", c.Role)
	}
	if err != nil {
		return err
	}
	fmt.Println(key)
	return nil
}

// place is where the token acts: the region, the municipality, or the nation.
func (c TokenCreate) place(ctx context.Context, q db.Querier) (int64, error) {
	switch {
	case c.Municipality != "":
		m, err := municipality(ctx, q, c.Municipality)
		return m.ID, err
	case c.Region == "":
		return organisation.NationID, nil
	}
	o, err := organisation.BySlug(ctx, q, organisation.Region, c.Region)
	if errors.Is(err, fault.NotFound) {
		return 0, fmt.Errorf("there is no region %q: its name is written as in addresses, such as dalarna", c.Region)
	}
	return o.ID, err
}

// municipality is the one that a command names.
func municipality(ctx context.Context, q db.Querier, name string) (organisation.Organisation, error) {
	m, err := organisation.MunicipalityNamed(ctx, q, name)
	if errors.Is(err, fault.NotFound) {
		return m, fmt.Errorf("there is no municipality %q: give its code or its name in addresses, such as 2080 or falun", name)
	}
	return m, err
}

// TokenList is the command of that name.
type TokenList struct {
	Database
	Format string `help:"text or json." enum:"text,json" default:"text"`
}

// token is a token as the list prints it.
type token struct {
	ID      int64               `json:"id"`
	Name    string              `json:"name"`
	Scope   identity.TokenScope `json:"scope"`
	Role    access.Role         `json:"role"`
	Place   string              `json:"place"`
	Made    clock.Instant       `json:"made"`
	Used    *clock.Instant      `json:"used"`
	Revoked *clock.Instant      `json:"revoked"`
}

// Run prints the tokens, the newest first and the revoked last, never a key.
func (c TokenList) Run(ctx context.Context) error {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	all, err := identity.Tokens(ctx, d.Reader(), access.System())
	if err != nil {
		return err
	}
	tokens := make([]token, len(all))
	for i, t := range all {
		tokens[i] = token{t.ID, t.Name, t.Scope, t.Role, t.Organisation, t.MadeAt, t.UsedAt, t.RevokedAt}
	}
	if c.Format == "json" {
		out := json.NewEncoder(os.Stdout)
		out.SetEscapeHTML(false)
		return out.Encode(tokens)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tOPENS\tROLE\tPLACE\tUSED\tREVOKED\tFOR")
	for _, t := range tokens {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Scope, t.Role, t.Place, dayOr(t.Used, "never"), dayOr(t.Revoked, "-"), t.Name)
	}
	return w.Flush()
}

func dayOr(at *clock.Instant, none string) string {
	if at == nil {
		return none
	}
	return at.Day().String()
}

// TokenRevoke is the command of that name.
type TokenRevoke struct {
	Database
	ID int64 `arg:"" help:"The token's number, as token list shows it."`
}

// Run revokes the token and says so.
func (c TokenRevoke) Run(ctx context.Context) error {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	err = d.Write(ctx, func(tx *db.Tx) error {
		return identity.RevokeToken(ctx, tx, access.System(), c.ID, clock.System())
	})
	switch f := fault.Of(err); {
	case errors.Is(err, fault.NotFound):
		return fmt.Errorf("there is no token %d: token list shows those that there are", c.ID)
	case f != nil && f.Kind == fault.KindConflict:
		return fmt.Errorf("token %d has been revoked already", c.ID)
	case err != nil:
		return err
	}
	fmt.Printf("Token %d opens nothing any more.\n", c.ID)
	return nil
}
