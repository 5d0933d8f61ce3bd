// Package merging is where two rows that are one person are merged, and split again: what
// happens is shown before. Who was merged leads to who remains on every page about them.
package merging
