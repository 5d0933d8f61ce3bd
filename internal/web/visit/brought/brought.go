// Package brought takes what a form brings: a file that is read and not kept.
package brought

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"os"

	"yrkesresan/internal/fault"
	"yrkesresan/internal/text"
	"yrkesresan/internal/web/visit"
)

// File is the file in the form's field "file", and what it was called. It has no name on this
// machine, so that nothing of it is left behind however the program ends: closing it is all.
// Without one it is fault.Invalid "file" with the words of none.
func File(v *visit.Visit, none string) (name string, f *os.File, err error) {
	err = v.ReadParts(func(field string, part *multipart.Part) error {
		if field != "file" || f != nil {
			return nil
		}
		name = text.Line(part.FileName())
		if f, err = os.CreateTemp("", "yrkesresan-*"); err != nil {
			return fmt.Errorf("keep a file while it is read: %w", err)
		}
		if err := os.Remove(f.Name()); err != nil {
			return fmt.Errorf("keep a file while it is read: %w", err)
		}
		if _, err := io.Copy(f, part); err != nil {
			return v.UploadFault(err)
		}
		return nil
	})
	if err == nil && f == nil {
		err = fault.Invalid("file", none)
	}
	if err != nil && f != nil {
		err = errors.Join(err, f.Close())
		f = nil
	}
	return name, f, err
}
