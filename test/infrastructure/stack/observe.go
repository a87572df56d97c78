package stack

import (
	"fmt"

	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

// lastLines of a log are shown with the death of its part.
const lastLines = 10

// PIDs leads from each process of the stack to its pid.
func (s *Stack) PIDs() map[string]int {
	pids := map[string]int{}
	for _, one := range s.processes() {
		pids[one.Name] = one.PID
	}
	return pids
}

// Dead names the processes that ended although nobody stopped them, each with
// how it ended and the last lines of its log.
func (s *Stack) Dead() []string {
	var dead []string
	for _, one := range s.processes() {
		if ended := one.Ended(); ended != nil {
			dead = append(dead, fmt.Sprintf("%s %v; the end of its log:\n%s", one.Name, ended,
				process.Tail(one.LogPath, lastLines)))
		}
	}
	return dead
}

// Memory is the peak resident size of each process in bytes, as far as it lives.
func (s *Stack) Memory() map[string]int64 {
	found := map[string]int64{}
	for _, one := range s.processes() {
		if size, err := one.Memory(); err == nil {
			found[one.Name] = size
		}
	}
	return found
}
