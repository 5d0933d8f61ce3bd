// Package persons is the pages about people for those who administer them: the list, one
// person with employments, accounts, courses and roles.
package persons
