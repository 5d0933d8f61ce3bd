// Package trainerpack is the trainer pack of an edition as trainers read it.
package trainerpack
