package seat_test

import "slices"

// model is the rules of seats in a few lines: who has a seat, who is offered
// one, who waits.
type model struct {
	capacity int
	near     bool
	seats    []int64
	offers   []int64
	line     []int64
}

func (m *model) settle() {
	for len(m.line) > 0 && len(m.seats)+len(m.offers) < m.capacity {
		next := m.line[0]
		m.line = m.line[1:]
		if m.near {
			m.offers = append(m.offers, next)
		} else {
			m.seats = append(m.seats, next)
		}
	}
}

func without(all []int64, one int64) []int64 {
	return slices.DeleteFunc(slices.Clone(all), func(p int64) bool { return p == one })
}
