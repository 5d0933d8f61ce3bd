package population

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"yrkesresan/internal/organisation"
)

// Names are put together at random. The family names sound Swedish and are made
// of a beginning and an end, so that hardly anybody is called so.
var (
	givenNames = strings.Fields(`
		Ada Agnes Alma Alva Amina Astrid Axel Bashir Birger Cecilia Dag Dina Ebba Edvin Elina Ellen Elsa Elvira
		Emil Enar Fanny Farid Filip Freja Gerda Hedda Hilma Hugo Idun Ines Irma Ivar Jasmin Julia Karin Klara
		Lage Linnea Liv Lova Lukas Maja Malva Mariam Matilda Melker Mira Moa Molly Nils Noor Olle Oskar Petra
		Rakel Ronja Rut Saga Samir Selma Signe Siri Sixten Svea Tage Tekla Tilda Tove Tyra Valdemar Vera Vidar
		Viggo Vilma Yasin Ylva Zahra`)
	familyBeginnings = strings.Fields(`
		Ask Berg Dun Ek Fager Furu Gran Gull Ham Hav Häll Kall Klöver Kvarn Lav Lilje Löv Malm Mån Norr Rim Rosen Råg
		Rönn Silver Skog Snö Sol Spar Stor Sund Säv Tall Ull Vass Vide Vret Älv Ängs Öster`)
	familyEnds = strings.Fields(`
		brygga fall glänta hagen hed kulla lida myr rike stig svall tjärn torpa trast våg vret ås äng`)
)

// namer gives names of which no two are alike.
type namer struct {
	dice  *rand.Rand
	given map[string]bool
	count int
}

func (n *namer) next() (given, family, email string) {
	for {
		given = givenNames[n.dice.IntN(len(givenNames))]
		family = join(familyBeginnings[n.dice.IntN(len(familyBeginnings))], familyEnds[n.dice.IntN(len(familyEnds))])
		if n.given[given+family] {
			continue
		}
		n.given[given+family] = true
		n.count++
		return given, family, fmt.Sprintf("%s.%s.%d@example.org", organisation.Slug(given), organisation.Slug(family), n.count)
	}
}

// join puts a name together; three of a letter become two, as Swedish has it.
func join(beginning, end string) string {
	if n := len(beginning); beginning[n-1] == beginning[n-2] && beginning[n-1] == end[0] {
		return beginning + end[1:]
	}
	return beginning + end
}
