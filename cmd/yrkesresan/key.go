package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/vault"
)

// KeyFile is the flag of each command that opens a database.
type KeyFile struct {
	KeyFile string `help:"The file of the keys that seal secrets and what people say of their health. Several servers of a database share it. Default: beside the SQLite file (PATH.key), or yrkesresan.key." env:"YRKESRESAN_KEY_FILE"`
}

// keyFile is where the keys are.
func (c Database) keyFile() string {
	if c.KeyFile.KeyFile != "" {
		return c.KeyFile.KeyFile
	}
	if path, lite := strings.CutPrefix(c.DB, "sqlite:"); lite {
		return path + ".key"
	}
	return "yrkesresan.key"
}

// unlock gives the database its keys. A database that has never known any gets new ones, in a
// new file. Without the file of one that has, what is sealed stays unreadable and nothing can be
// sealed: a command that is run elsewhere makes no keys that the server lacks.
func (c Database) unlock(ctx context.Context, d *db.DB) error {
	keys, err := vault.Load(c.keyFile())
	if errors.Is(err, fs.ErrNotExist) {
		known, err := sealing.Known(ctx, d.Reader())
		if err != nil || len(known) > 0 {
			return err
		}
		if keys, err = vault.Make(c.keyFile(), clock.System().Time()); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	return c.join(ctx, d, keys)
}

// join takes the keys into use, and says what to do about those of another database.
func (c Database) join(ctx context.Context, d *db.DB, keys *vault.Keys) error {
	err := sealing.Join(ctx, d, keys, clock.System())
	if errors.Is(err, sealing.ErrOtherKeys) {
		return fmt.Errorf("%w: copy the key file of the server that this database is used with to %s, or name it with --key-file. If that file is lost, move %s away and start \"yrkesresan serve\": it makes new keys and says what cannot be read any more", err, c.keyFile(), c.keyFile())
	}
	return err
}

// unlockOrReplace is unlock for a server, which must be able to seal: when the key file is gone,
// as after a backup was restored without it, it makes a new one and logs what is lost.
func (c Database) unlockOrReplace(ctx context.Context, d *db.DB, log *slog.Logger) error {
	if err := c.unlock(ctx, d); err != nil {
		return err
	}
	if d.Keys == nil {
		keys, err := vault.Make(c.keyFile(), clock.System().Time())
		if err != nil {
			return err
		}
		if err := sealing.Replace(ctx, d, keys, clock.System()); err != nil {
			return err
		}
		log.Warn("the key file was not there, and a new one was made: if another server of this database has its key file, stop this one, and put a copy of that file in the place of the new one", "file", c.keyFile())
	}
	lost, err := sealing.Lost(ctx, d.Reader())
	if err != nil {
		return err
	}
	for _, l := range lost {
		log.Warn("cannot be read, because its key is not in the key file", "what", l.What, "rows", l.Rows, "table", l.Table, "column", l.Column)
	}
	return nil
}

// sealAll seals what an older version left in clear; without keys it is left as it is.
func sealAll(ctx context.Context, d *db.DB) error {
	_, err := sealing.Run(ctx, d, clock.System())
	if errors.Is(err, vault.ErrNoKeys) || errors.Is(err, db.ErrBusy) { // the server's job does the rest
		return nil
	}
	return err
}

// Key is the commands about the key file.
type Key struct {
	Show   KeyShow   `cmd:"" help:"Print, as JSON, which keys there are, how much each has sealed, and what no key opens. Never a key."`
	Rotate KeyRotate `cmd:"" help:"Make a new key, which seals from now on. What older keys sealed is sealed anew; they stay in the file."`
	Join   KeyJoin   `cmd:"" help:"Take up the keys of another key file, so that what they sealed can be read again."`
	Drop   KeyDrop   `cmd:"" help:"Take an old key out of the key file for good; refused as long as something needs it."`
}

// unlocked is the database with its keys, which must be there.
func (c Database) unlocked(ctx context.Context) (*db.DB, error) {
	d, err := c.current(ctx)
	if err == nil && d.Keys == nil {
		err = errors.Join(fmt.Errorf("%w: there is none at %s", vault.ErrNoKeys, c.keyFile()), d.Close())
	}
	return d, err
}

// KeyShow is the command that shows the keys.
type KeyShow struct{ Database }

// shown is a key as it is shown.
type shown struct {
	vault.Key
	Values int64 `json:"values"`
}

// Run prints {"file","keys":[{"id","made","primary","values"}],"clear","lost":[…]}.
func (c KeyShow) Run(ctx context.Context) (err error) {
	d, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	uses, err := sealing.Uses(ctx, d.Reader())
	if err != nil {
		return err
	}
	lost, err := sealing.Lost(ctx, d.Reader())
	if err != nil {
		return err
	}
	out := struct {
		File  string         `json:"file"`
		Keys  []shown        `json:"keys"`
		Clear int64          `json:"clear"`
		Lost  []sealing.Loss `json:"lost"`
	}{c.keyFile(), []shown{}, uses[""], append([]sealing.Loss{}, lost...)}
	for _, k := range d.Keys.All() {
		out.Keys = append(out.Keys, shown{k, uses[k.ID]})
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}

// KeyRotate is the command that makes a new key.
type KeyRotate struct {
	Database
	Later bool `help:"Leave the sealing anew to the server."`
}

// Run prints {"primary","sealed"}. Broken off, a server goes on at its next start, or the same
// day.
func (c KeyRotate) Run(ctx context.Context) (err error) {
	d, err := c.unlocked(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	primary, err := d.Keys.Rotate(clock.System().Time())
	if err != nil {
		return err
	}
	if err := c.join(ctx, d, d.Keys); err != nil {
		return err
	}
	// A server does the rest, should this be broken off.
	if err := d.Write(ctx, func(tx *db.Tx) error { return sealing.Later(ctx, tx) }); err != nil {
		return err
	}
	var sealed int64
	if !c.Later {
		if sealed, err = sealing.Run(ctx, d, clock.System()); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"primary": primary, "sealed": sealed})
}

// KeyJoin is the command that takes up the keys of another file.
type KeyJoin struct {
	Database
	File string `arg:"" help:"The other key file." type:"existingfile"`
}

// Run prints {"joined"}: how many keys were new.
func (c KeyJoin) Run(ctx context.Context) (err error) {
	d, err := c.unlocked(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	n, err := d.Keys.Join(c.File)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]int{"joined": n})
}

// KeyDrop is the command that takes a key out of the file.
type KeyDrop struct {
	Database
	ID string `arg:"" help:"The key's number, as key show prints it."`
}

// Run prints nothing when it is done.
func (c KeyDrop) Run(ctx context.Context) (err error) {
	d, err := c.unlocked(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return sealing.Drop(ctx, d, c.ID)
}
