// Package federation has the pages by which people sign in with the account that they
// have at work, and the page on which a municipality's administrator sets that up.
package federation
