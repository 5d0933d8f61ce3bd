package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"yrkesresan/internal/access"
	"yrkesresan/internal/daysheet"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
)

// RegionYear is what most reports are about.
type RegionYear struct {
	Database
	Region   string `help:"The region's name in addresses, such as dalarna." default:"dalarna" env:"YRKESRESAN_REGION"`
	Year     int    `help:"The year." default:"2025" env:"YRKESRESAN_YEAR"`
	Language string `help:"The language of texts: sv or en." enum:"sv,en" default:"sv" env:"YRKESRESAN_LANGUAGE"`
}

// with opens the database, finds the region and lets f do its work.
func (c RegionYear) with(ctx context.Context, f func(q db.Querier, region organisation.Organisation, lang *i18n.Lang) error) error {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	region, err := organisation.BySlug(ctx, d.Reader(), organisation.Region, c.Region)
	if errors.Is(err, fault.NotFound) {
		return fmt.Errorf("there is no region %q: its name is written as in addresses, such as dalarna or vastmanland", c.Region)
	}
	if err != nil {
		return err
	}
	return f(d.Reader(), region, i18n.For(c.Language))
}

// Pot is the command of that name.
type Pot struct {
	RegionYear
	Format         string `help:"text or json." enum:"text,json" default:"text"`
	Days           string `help:"A CSV file of course days instead of a database, with commas, semicolons or tabs: columns day, course, participants, trainer_org, role (lead_trainer or trainer); RSS takes nothing." type:"path" placeholder:"FILE.csv"`
	PerParticipant string `help:"With --days: kronor per participant and day that go to the pot." default:"400"`
	LeadWeight     string `help:"With --days: weight of a lead trainer." default:"1.5"`
	TrainerWeight  string `help:"With --days: weight of a trainer." default:"1"`
	RSSRule        string `name:"rss-rule" help:"With --days: what happens with RSS trainers' share: kept by the region, or shared among the others." enum:"kept,shared" default:"kept"`
}

// Run prints the pot.
func (c Pot) Run(ctx context.Context) error {
	if c.Days != "" {
		pot, err := c.ofFile()
		if err != nil {
			return err
		}
		return c.print(pot.Result(), i18n.For(c.Language))
	}
	return c.with(ctx, func(q db.Querier, region organisation.Organisation, lang *i18n.Lang) error {
		year, err := economy.YearOf(ctx, q, access.System(), region.ID, c.Year)
		if err != nil {
			return err
		}
		return c.print(year.Result(), lang)
	})
}

// ofFile splits the pot of a spreadsheet, refusing it whole when it is wrong.
func (c Pot) ofFile() (economy.Pot, error) {
	terms := economy.Terms{RSS: economy.RSSRule(c.RSSRule)}
	var err error
	if terms.PerParticipant, err = money.Parse(c.PerParticipant); err != nil {
		return economy.Pot{}, fmt.Errorf("--per-participant: %w", err)
	}
	if terms.LeadWeight, err = economy.ParseWeight(c.LeadWeight); err != nil {
		return economy.Pot{}, fmt.Errorf("--lead-weight: %w", err)
	}
	if terms.TrainerWeight, err = economy.ParseWeight(c.TrainerWeight); err != nil {
		return economy.Pot{}, fmt.Errorf("--trainer-weight: %w", err)
	}
	if err := terms.Check(); err != nil {
		return economy.Pot{}, err
	}
	file, err := os.Open(c.Days)
	if err != nil {
		return economy.Pot{}, err
	}
	defer file.Close()
	days, err := daysheet.Read(file)
	if err != nil {
		return economy.Pot{}, fmt.Errorf("%s: %w", c.Days, err)
	}
	return terms.SplitDays(days)
}

func (c Pot) print(pot economy.PotResult, lang *i18n.Lang) error {
	if c.Format == "json" {
		return printJSON(pot)
	}
	return table(func(w io.Writer) {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", lang.T("cli.municipality"), lang.T("cli.trainers"), lang.T("cli.trainer_days"), lang.T("cli.amount"))
		for _, m := range pot.Municipalities {
			trainers := "–"
			if m.Trainers != nil {
				trainers = lang.Number(int64(*m.Trainers))
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", m.Municipality, trainers, lang.Number(int64(m.TrainerDays)), lang.Money(m.Amount))
		}
		fmt.Fprintf(w, "%s\t\t\t%s\n", lang.T("cli.paid"), lang.Money(pot.Paid))
		fmt.Fprintf(w, "%s\t\t\t%s\n", lang.T("cli.kept"), lang.Money(pot.Kept))
	})
}

// InvoiceBasis is the command of that name.
type InvoiceBasis struct {
	RegionYear
	Format string `help:"text, csv or json." enum:"text,csv,json" default:"text"`
}

// Run prints the invoice basis.
func (c InvoiceBasis) Run(ctx context.Context) error {
	return c.with(ctx, func(q db.Querier, region organisation.Organisation, lang *i18n.Lang) error {
		basis, err := economy.InvoiceBasisOf(ctx, q, access.System(), region.ID, c.Year)
		if err != nil {
			return err
		}
		switch c.Format {
		case "json":
			return printJSON(basis)
		case "csv":
			return basis.CSV(os.Stdout, lang)
		}
		return table(func(w io.Writer) {
			fmt.Fprintf(w, "%s\t%s\t%s\n", lang.T("cli.municipality"), lang.T("cli.participant_days"), lang.T("cli.amount"))
			for _, m := range basis.Municipalities {
				fmt.Fprintf(w, "%s\t%s\t%s\n", m.Municipality, lang.Number(int64(m.ParticipantDays)), lang.Money(m.Amount))
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", lang.T("cli.total"), lang.Number(int64(basis.ParticipantDays)), lang.Money(basis.Amount))
		})
	})
}

func printJSON(v any) error {
	e := json.NewEncoder(os.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// table aligns columns that write separates by tabs, figures to the right.
func table(write func(w io.Writer)) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	write(w)
	return w.Flush()
}
