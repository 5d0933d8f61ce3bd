// Package rounds is the lists of rounds and the page of one round, with its approvals,
// cancellation and history.
package rounds
