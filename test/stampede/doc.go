// Package stampede reproduces the incident in which a seeding fixture, run by
// every pytest worker, created nothing: the same load against the reviewer of
// that time, against the same reviewer without its rate limiter, and against
// DataStorage as it is. What is measured comes from the servers.
package stampede
