// Package contract has tests with the clients that are generated from api/: they
// read whatever the services store and answer.
package contract
