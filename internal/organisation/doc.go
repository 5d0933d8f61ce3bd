// Package organisation is the country as the programme sees it: the nation,
// its regions, their municipalities and the municipalities' units.
//
// A region is an RSS (regional samverkans- och stödstruktur) with its
// municipalities: mostly a county, not always. Västra Götaland has four, and
// Göteborgsregionen takes in Kungsbacka of Halland. The county of a
// municipality is therefore a fact of its own.
//
// Regions, counties and municipalities come from the tables in data/ (codes and
// names: SCB, open data; inhabitants: see data/README.md) and are installed by
// every migration; a municipality's id is its SCB code as a number. Units are
// made by people.
package organisation
