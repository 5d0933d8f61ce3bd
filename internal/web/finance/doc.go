// Package finance is the pages about money: tariffs, the invoice basis, the trainer pot,
// a municipality's year, a course day (domain package economy).
package finance
