package main

import (
	"context"
	"errors"
	"fmt"

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
}

// TokenCreate is the command of that name.
type TokenCreate struct {
	Database
	Role         access.Role `help:"What the token acts as: regional, municipal_admin, steering, producer, national, national_reader or operator." enum:"regional,municipal_admin,steering,producer,national,national_reader,operator" default:"regional"`
	Region       string      `help:"The region's name in addresses, such as dalarna: for regional, steering and producer." xor:"place" placeholder:"NAME"`
	Municipality string      `help:"The municipality's name in addresses, such as falun: for municipal_admin." xor:"place" placeholder:"NAME"`
	Name         string      `help:"What the token is for, to be known by on the page of tokens." default:"yrkesresan token create"`
}

// Run makes the token. Nothing else is printed, so that a script can take it.
func (c TokenCreate) Run(ctx context.Context) error {
	d, err := current(ctx, c.DB)
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
		key, err = identity.MakeToken(ctx, tx, access.System(), text.Line(c.Name), c.Role, place, clock.System())
		return err
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		switch {
		case f.Fields[0].Name == "name":
			return errors.New("--name must have 1 to 100 characters")
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
	level, slug, word := organisation.Region, c.Region, "region"
	switch {
	case c.Municipality != "":
		level, slug, word = organisation.Municipality, c.Municipality, "municipality"
	case c.Region == "":
		return organisation.NationID, nil
	}
	o, err := organisation.BySlug(ctx, q, level, slug)
	if errors.Is(err, fault.NotFound) {
		return 0, fmt.Errorf("there is no %s %q: its name is written as in addresses, such as dalarna or falun", word, slug)
	}
	return o.ID, err
}
