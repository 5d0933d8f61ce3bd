package demo

// ReconstructionNote is the note of every round whose days are a reconstruction
// (data/README.md): the pages that show what was made of them say so too.
const ReconstructionNote = "Kursdagarna är en rekonstruktion: dagar, deltagare och utbildare är valda så att den tryckta årsrapportens summor stämmer. Ingen vet om det var just så."
