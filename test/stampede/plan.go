package stampede

// Target is what the load is sent to.
type Target struct {
	Key      string  `json:"key"`
	Name     string  `json:"name"`
	Reviewed bool    `json:"reviewed"`
	QPS      float32 `json:"qps"`
	Burst    int     `json:"burst"`
}

// Keys of the targets, as the verdict and the report name them.
const (
	KeyHistoric  = "A"
	KeyUnlimited = "A'"
	KeyOurs      = "B"
)

// Historic is the reviewer of the incident, with client-go's defaults.
func Historic() Target {
	return Target{Key: KeyHistoric, Name: "reviewer, QPS 5 / burst 10", Reviewed: true, QPS: 5, Burst: 10}
}

// Unlimited is the same reviewer with the limiter off: the control of Historic.
func Unlimited() Target {
	return Target{Key: KeyUnlimited, Name: "reviewer, no limiter", Reviewed: true, QPS: -1}
}

// Ours is DataStorage as it is.
func Ours() Target { return Target{Key: KeyOurs, Name: "DataStorage"} }

var (
	inTurn = Load{Name: "11 workers, one by one, 2 s", TimeoutSeconds: 2, Attempts: 2}
	atOnce = Load{Name: "121 at once, 3 s", AtOnce: true, TimeoutSeconds: 3, Attempts: 4}
)

// MinRepeats is how often a load must be measured before its times mean anything.
const MinRepeats = 3

// Plan lists all measurements. What is compared in time is repeated, and
// interleaved so that a change of the machine's load meets both.
func Plan() []Run {
	plan := []Run{{Target: Historic(), Load: inTurn}, {Target: Historic(), Load: atOnce}}
	plan = append(plan, pairs(MinRepeats)...)
	return append(plan, Run{Target: Unlimited(), Load: atOnce}, Run{Target: Ours(), Load: atOnce})
}

func pairs(count int) []Run {
	var plan []Run
	for range count {
		plan = append(plan, Run{Target: Unlimited(), Load: inTurn}, Run{Target: Ours(), Load: inTurn})
	}
	return plan
}

// Only measures these targets once: with the load under which the limiter
// fails soonest, and otherwise with that of callers in turn, whose reviews are
// not shared for being simultaneous.
func Only(targets ...Target) []Run {
	var plan []Run
	for _, target := range targets {
		load := inTurn
		if target.Key == KeyHistoric {
			load = atOnce
		}
		plan = append(plan, Run{Target: target, Load: load})
	}
	return plan
}
