// Package booking is sign-up: seats, the queue, the manager's word, seats set aside and
// wishes (domain package seat). The sign-up of a round is a thing of its own on the
// round's page (ReadSignup).
package booking
