package visit

import "yrkesresan/internal/access"

// Learns tells whether the office is that of somebody who comes to learn rather
// than to administer.
func Learns(role access.Role) bool { return role == access.Employee || role == access.Trainer }
