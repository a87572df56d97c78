package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	diskWrites = 200
	pageBytes  = 8192
)

// disk measures how long a page takes to the disk on which the databases are:
// no client that waits for each commit can be faster.
func disk(folder string) (_ figure, err error) {
	file, err := os.Create(filepath.Join(folder, "disk"))
	if err != nil {
		return figure{}, err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	// As PostgreSQL's log, which is there before it is written to.
	if _, err := file.Write(make([]byte, diskWrites*pageBytes)); err != nil {
		return figure{}, err
	}
	if err := file.Sync(); err != nil {
		return figure{}, err
	}
	times := make([]time.Duration, 0, diskWrites)
	for page := range diskWrites {
		begun := time.Now()
		if _, err := file.WriteAt(make([]byte, pageBytes), int64(page*pageBytes)); err != nil {
			return figure{}, err
		}
		if err := file.Sync(); err != nil {
			return figure{}, err
		}
		times = append(times, time.Since(begun))
	}
	took := middle(times)
	return figure{name: "the disk alone, a page at a time", measured: fmt.Sprintf("%.0f/s", 1/took.Seconds()),
		latency: fmt.Sprintf("%.1f / / ", ms(took)), aim: "", reference: ""}, nil
}
