package file

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// ErrTooManyFiles is an archive with more files than are taken, or whose list of
// them is longer than theirs would be.
var ErrTooManyFiles = errors.New("the archive holds too many files")

// OpenArchive reads the list of a ZIP archive, which may name at most so many files:
// what is longer is found before it is read, however small the archive is. Nothing
// is unpacked.
func OpenArchive(content io.ReaderAt, size int64, most int) (*zip.Reader, error) {
	listed, err := filesListed(content, size)
	if err != nil {
		return nil, err
	}
	if listed > most {
		return nil, ErrTooManyFiles
	}
	// The list goes on as long as it goes on, whatever number stands at its end.
	b := &bounded{ReaderAt: content, left: directoryEnd + longestComment + 4<<10 + int64(most)*512}
	archive, err := zip.NewReader(b, size)
	if err != nil {
		return nil, err
	}
	if len(archive.File) > most {
		return nil, ErrTooManyFiles
	}
	b.open = true
	return archive, nil
}

// bounded reads so many bytes until it is opened.
type bounded struct {
	io.ReaderAt
	left int64
	open bool
}

func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if !b.open {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, ErrTooManyFiles
		}
	}
	return b.ReaderAt.ReadAt(p, at)
}

const (
	directoryEnd   = 22 // bytes, of the end of the list (APPNOTE 4.3.16)
	longestComment = 1<<16 - 1
)

// filesListed is how many files the end of the list says that there are; many for an
// archive that needs more figures for it than ours do.
func filesListed(content io.ReaderAt, size int64) (int, error) {
	tail := make([]byte, min(size, directoryEnd+longestComment))
	if _, err := content.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < directoryEnd {
		return 0, zip.ErrFormat
	}
	number := func(i int) uint16 { return binary.LittleEndian.Uint16(tail[at+i:]) }
	if number(10) == 0xFFFF || number(12) == 0xFFFF || number(16) == 0xFFFF && number(18) == 0xFFFF { // they stand elsewhere
		return 0, ErrTooManyFiles
	}
	return int(number(10)), nil
}
