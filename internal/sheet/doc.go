// Package sheet reads tables that people keep in spreadsheets: CSV in any way of
// writing that a spreadsheet saves, and XLSX. What comes out is rows of cells with
// the number of their line; what the cells mean is for the caller.
//
// A file is foreign: its size, its rows and its cells are bounded before anything
// is made of them, and it is walked row by row, never held whole.
package sheet
