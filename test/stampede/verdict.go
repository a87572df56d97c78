package stampede

import (
	"fmt"
	"net/http"
	"slices"
)

const (
	workflowCount   = 11
	maxTokenReviews = 2
)

// Verdict lists what the runs do not show; nothing means that they show it all:
// the limiter loses most requests, without it none is lost, and DataStorage
// loses none either, hardly asks the API server, and is not slower.
func Verdict(runs []Run) []string {
	var found []string
	for _, key := range []string{KeyHistoric, KeyUnlimited, KeyOurs} {
		if len(ofTarget(runs, key)) == 0 {
			found = append(found, fmt.Sprintf("%s was not measured", key))
		}
	}
	return append(append(found, Problems(runs)...), slower(runs)...)
}

// Problems lists what is wrong with each run by itself.
func Problems(runs []Run) []string {
	var found []string
	for _, run := range runs {
		for _, problem := range judge(run) {
			found = append(found, fmt.Sprintf("%s (%s), %s: %s", run.Target.Key, run.Target.Name, run.Load.Name, problem))
		}
	}
	return found
}

func judge(run Run) []string {
	e := run.Evidence
	switch run.Target.Key {
	case KeyHistoric:
		return historic(e)
	case KeyUnlimited:
		return complete(e)
	case KeyOurs:
		return append(complete(e), frugal(e)...)
	}
	return []string{"the target is unknown"}
}

func historic(e Evidence) []string {
	if total := e.Posts.Total(); 2*e.LimiterErrors <= total {
		return []string{fmt.Sprintf("does not lose: %d of %d requests were lost to the limiter", e.LimiterErrors, total)}
	}
	return nil
}

// complete wants every request answered with its workflow at the first attempt.
func complete(e Evidence) []string {
	var found []string
	wanted := Workers * workflowCount
	if total := e.Posts.Total(); total != wanted || e.good() != wanted {
		found = append(found, fmt.Sprintf("%d of %d requests succeeded, expected %d of %d: %s",
			e.good(), total, wanted, wanted, statuses(e.Posts)))
	}
	if e.LimiterErrors != 0 {
		found = append(found, fmt.Sprintf("%d requests were lost to a limiter", e.LimiterErrors))
	}
	if e.Created != workflowCount || e.Posts[http.StatusCreated] != workflowCount {
		found = append(found, fmt.Sprintf("%d workflows in the catalogue, %d answers 201, expected %d of each",
			e.Created, e.Posts[http.StatusCreated], workflowCount))
	}
	if e.TestsPassed != Workers {
		found = append(found, fmt.Sprintf("%d of %d tests passed", e.TestsPassed, Workers))
	}
	return found
}

func frugal(e Evidence) []string {
	if e.TokenReviews > maxTokenReviews {
		return []string{fmt.Sprintf("%d TokenReviews, at most %d are needed", e.TokenReviews, maxTokenReviews)}
	}
	return nil
}

// slower compares the medians of the loads that were measured often enough.
func slower(runs []Run) []string {
	var found []string
	compared := 0
	for _, load := range loads(runs) {
		pairs := comparable(pairsOf(runs, load))
		if len(pairs) < MinRepeats {
			continue
		}
		compared++
		if control, ours := medians(pairs); ours > control {
			found = append(found, fmt.Sprintf("B takes longer than A', %s: %.2f s against %.2f s (medians of %d pairs; "+
				"others used %.0f %% of the CPUs, see that the machine is calm)", load, ours, control, len(pairs), 100*foreign(pairs)))
		}
	}
	if compared == 0 {
		found = append(found, fmt.Sprintf("B and A' were not compared in time: no load was measured %d times", MinRepeats))
	}
	return found
}

// pair is the control and DataStorage, measured one after the other.
type pair struct{ control, ours Evidence }

func (p pair) foreignCPU() float64 { return max(p.control.ForeignCPU, p.ours.ForeignCPU) }

func pairsOf(runs []Run, load string) []pair {
	var control, ours []Evidence
	for _, run := range runs {
		switch {
		case run.Load.Name != load:
		case run.Target.Key == KeyUnlimited:
			control = append(control, run.Evidence)
		case run.Target.Key == KeyOurs:
			ours = append(ours, run.Evidence)
		}
	}
	var pairs []pair
	for i := range min(len(control), len(ours)) {
		pairs = append(pairs, pair{control[i], ours[i]})
	}
	return pairs
}

// comparable are the pairs that were measured on a calm machine where they are
// enough, else all.
func comparable(pairs []pair) []pair {
	var calm []pair
	for _, p := range pairs {
		if p.foreignCPU() < calmShare {
			calm = append(calm, p)
		}
	}
	if len(calm) >= MinRepeats {
		return calm
	}
	return pairs
}

func medians(pairs []pair) (control, ours float64) {
	var controls, own []float64
	for _, p := range pairs {
		controls, own = append(controls, p.control.Seconds), append(own, p.ours.Seconds)
	}
	return median(controls), median(own)
}

func loads(runs []Run) []string {
	var names []string
	for _, run := range runs {
		if !slices.Contains(names, run.Load.Name) {
			names = append(names, run.Load.Name)
		}
	}
	return names
}

func ofTarget(runs []Run, key string) []Run {
	var found []Run
	for _, run := range runs {
		if run.Target.Key == key {
			found = append(found, run)
		}
	}
	return found
}

// foreign is how busy the machine was with other things, on average.
func foreign(pairs []pair) float64 {
	sum := 0.0
	for _, p := range pairs {
		sum += p.foreignCPU()
	}
	return sum / float64(len(pairs))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
