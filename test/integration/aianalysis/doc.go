// Package aianalysis runs the AIAnalysis controller against a real API server,
// HolmesGPT API, Mock LLM and DataStorage. Process 1 brings them up once; each
// process leads the analyses of its own namespace.
package aianalysis
