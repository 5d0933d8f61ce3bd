package setup

// Deliver is what the job does.
var Deliver = deliver
