// Command yrkesresan is the whole product in one program: the server, the demo,
// and the commands that a region closes its year with.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set when a release is built.
var version = "dev"

// CLI is every command with its flags. Each flag can be given as an environment
// variable, whose name stands beside it in the help.
type CLI struct {
	LogLevel  string `help:"How much to log: debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"YRKESRESAN_LOG_LEVEL"`
	LogFormat string `help:"How to log: text for people, json for machines." enum:"text,json" default:"text" env:"YRKESRESAN_LOG_FORMAT"`

	Demo         Demo         `cmd:"" help:"Make a database with an invented year of Yrkesresan and serve it."`
	Serve        Serve        `cmd:"" help:"Serve the pages of a database."`
	Migrate      Migrate      `cmd:"" help:"Bring a database up to this program's version."`
	Report       Report       `cmd:"" help:"Make a report."`
	Pot          Pot          `cmd:"" help:"Show the trainer pot of a region and year, or of a spreadsheet of course days."`
	InvoiceBasis InvoiceBasis `cmd:"" help:"Show what each municipality is charged for a year."`
	Operator     Operator     `cmd:"" help:"Let the first person in: an operator, who adds all others."`
	Setup        Setup        `cmd:"" help:"Tell what a region still needs before its first course day. Prints the steps as JSON."`
	Token        Token        `cmd:"" help:"Tokens, with which other systems use the API."`
	Import       Import       `cmd:"" help:"Read what other systems know."`
	Bounce       Bounce       `cmd:"" help:"Note a letter that came back: reads the message from standard input."`
	Audit        Audit        `cmd:"" help:"What was read and changed about people."`
	Privacy      Privacy      `cmd:"" help:"Who has been erased."`
	Key          Key          `cmd:"" help:"The keys that seal secrets and what people say of their health."`
	Seed         Seed         `cmd:"" help:"Fill an empty database with an invented country, to measure with."`
	Version      Version      `cmd:"" help:"Show the version."`
}

// Database is the flag that most commands share.
type Database struct {
	DB string `name:"db" help:"The database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME." default:"sqlite:yrkesresan.db" env:"YRKESRESAN_DB"`
	KeyFile
}

func main() {
	var cli CLI
	parser := kong.Must(&cli,
		kong.Name("yrkesresan"),
		kong.Description("The competence programme of Swedish social services in one system: course, round, attendance, invoice basis, trainer pot, statistics and report."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := logger(cli.LogLevel, cli.LogFormat)
	slog.SetDefault(log)
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(log); err != nil {
		fmt.Fprintln(os.Stderr, "yrkesresan:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop has just been called
	}
}

// logger writes to standard error: standard output is for results.
func logger(level, format string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo // kong has checked the word
	}
	options := &slog.HandlerOptions{Level: l}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

// Version shows the version.
type Version struct{}

// Run prints it.
func (Version) Run() error {
	fmt.Println("yrkesresan", version)
	return nil
}
