package events

import _ "embed"

// Schema is the JSON Schema of one line of the log: every kind of event and
// every field of it.
//
//go:embed event-log.schema.json
var Schema []byte
