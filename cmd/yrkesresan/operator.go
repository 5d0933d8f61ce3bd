package main

import (
	"context"
	"errors"
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/text"
)

// Operator is the command that lets the first person in: everybody else is
// added by somebody who is in.
type Operator struct {
	Database
	Email  string `help:"The e-mail address that the operator signs in with." required:""`
	Given  string `help:"Given name." required:""`
	Family string `help:"Family name." required:""`
	Region string `help:"The region where the operator is employed, as written in addresses." default:"storstockholm"`
	Code   bool   `help:"Print a code, too, with which the operator signs in once within a week: for a server that sends no letters yet."`
}

// Run adds the person, unless the address is known, and gives the role from today on.
func (c Operator) Run(ctx context.Context) (err error) {
	text.Tidy(&c)
	d, err := c.migrated(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	now := clock.System()
	return inWords(d.Write(ctx, func(tx *db.Tx) error {
		person, err := identity.ByEmail(ctx, tx, c.Email)
		if errors.Is(err, fault.NotFound) {
			region, err := organisation.BySlug(ctx, tx, organisation.Region, c.Region)
			if err != nil {
				return fmt.Errorf("there is no region %q", c.Region)
			}
			new := people.NewPerson{GivenName: c.Given, FamilyName: c.Family, Email: c.Email}
			if person, err = people.Add(ctx, tx, access.System(), new, region.ID, now.Day(), "", now); err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
		if _, err := identity.Grant(ctx, tx, access.System(), person, access.Operator, organisation.NationID, now.Day(), now); err != nil {
			// Who has the role already may want another code.
			if !c.Code || !errors.Is(err, fault.Conflict("identity.role_held")) {
				return err
			}
		}
		fmt.Printf("%s %s is an operator from today on and signs in with %s.\n", c.Given, c.Family, c.Email)
		if !c.Code {
			return nil
		}
		code, err := identity.PaperCode(ctx, tx, access.System(), person, now)
		if err == nil {
			fmt.Println(i18n.English.T("cli.operator_code", "Page", address.PaperSignIn, "Code", code))
		}
		return err
	}))
}

// inWords says a fault as the pages do, in English.
func inWords(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	words := i18n.English.T(f.Key, f.Args...)
	for _, field := range f.Fields {
		words += "; " + field.Name + ": " + i18n.English.T(field.Key, field.Args...)
	}
	return errors.New(words)
}
