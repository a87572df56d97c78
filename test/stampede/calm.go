package stampede

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

const (
	calmShare = 0.25
	calmLimit = 10 * time.Second
	sampled   = 250 * time.Millisecond
)

// awaitCalm waits, for a bounded time, until others leave the CPUs alone, and
// returns the share that they used at the end.
func awaitCalm(ctx context.Context) (float64, error) {
	deadline := time.After(calmLimit)
	ticker := time.NewTicker(sampled)
	defer ticker.Stop()
	before, err := readJiffies()
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	for {
		if err != nil {
			return 0, err
		}
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-ticker.C:
		}
		after, next := readJiffies()
		share := after.busySince(before)
		before, err = after, next
		select {
		case <-deadline:
			return share, err
		default:
			if share < calmShare {
				return share, err
			}
		}
	}
}

// jiffies are the kernel's counts of time, over all CPUs.
type jiffies struct{ total, idle float64 }

func readJiffies() (jiffies, error) {
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return jiffies{}, err
	}
	return parseJiffies(string(data))
}

// parseJiffies reads the line of all CPUs; guest time is part of user time.
func parseJiffies(stat string) (jiffies, error) {
	line, _, _ := strings.Cut(stat, "\n")
	var user, nice, system, idle, iowait, irq, softirq, steal float64
	if _, err := fmt.Sscanf(line, "cpu %f %f %f %f %f %f %f %f", &user, &nice, &system, &idle, &iowait, &irq, &softirq, &steal); err != nil {
		return jiffies{}, fmt.Errorf("/proc/stat begins with %q: %w", line, err)
	}
	return jiffies{total: user + nice + system + idle + iowait + irq + softirq + steal, idle: idle + iowait}, nil
}

func (j jiffies) busySince(before jiffies) float64 {
	total := j.total - before.total
	if total <= 0 {
		return 0
	}
	return 1 - (j.idle-before.idle)/total
}
