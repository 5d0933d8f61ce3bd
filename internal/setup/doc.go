// Package setup tells what a region needs before its first course day, in the order in which one
// thing needs the other, and what of it is missing.
//
// Nobody ticks anything off: a step is done when the data say so, and is missing again when they no
// longer do. One thing cannot be seen in the data, that letters come through, so a letter is
// written for it.
package setup
