// Package handouts is the pages about material of courses: what there is, for whom,
// and uploading it.
package handouts
