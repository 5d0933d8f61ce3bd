// Package learntime is where managers set time to learn, where people say whether they got it, and
// where the sums and the hours of it are read.
package learntime
