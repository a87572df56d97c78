package phases

import (
	"fmt"
	"math/rand/v2"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/investigation"
)

// MaxFailures is how many calls in a row may fail before the analysis does.
const MaxFailures = 5

const longestWait = 5 * time.Minute

// Backoff says how long to wait after so many failures.
type Backoff struct {
	// Base doubles with each failure; zero is one second.
	Base time.Duration
}

// After is the base times 2^failures, 10 % more or less, five minutes at most,
// and never less than HolmesGPT asked for.
func (b Backoff) After(failures int32, asked time.Duration) time.Duration {
	base := b.Base
	if base == 0 {
		base = time.Second
	}
	wait := min(base<<min(failures, 20), longestWait)
	wait = time.Duration(float64(wait) * (0.9 + 0.2*rand.Float64()))
	return max(wait, asked)
}

// CallFailed takes the error of a call of HolmesGPT: another try later, or the
// end of the analysis.
func CallFailed(analysis *v1alpha1.AIAnalysis, failure error, backoff Backoff, now time.Time) {
	status := &analysis.Status
	class := investigation.Classify(failure)
	status.ConsecutiveFailures++
	if !class.Retryable() {
		giveUp(analysis, v1alpha1.SubReasonPermanentError, fmt.Sprintf("HolmesGPT: %s error: %v", class, failure), now)
		return
	}
	if status.ConsecutiveFailures >= MaxFailures {
		giveUp(analysis, v1alpha1.SubReasonMaxRetriesExceeded,
			fmt.Sprintf("HolmesGPT failed %d times in a row, last by a %s error: %v", MaxFailures, class, failure), now)
		return
	}
	status.Reason, status.SubReason = v1alpha1.ReasonTransientError, v1alpha1.SubReasonTransientError
	status.Message = fmt.Sprintf("Transient error (attempt %d/%d): %s error: %v", status.ConsecutiveFailures, MaxFailures, class, failure)
	next := metav1.NewMicroTime(now.Add(backoff.After(status.ConsecutiveFailures, investigation.RetryAfter(failure))))
	status.NextAttemptAt = &next
	SetCondition(analysis, v1alpha1.ConditionInvestigationComplete, false, HolmesGPTUnavailable, status.Message)
}

func giveUp(analysis *v1alpha1.AIAnalysis, sub v1alpha1.SubReason, message string, now time.Time) {
	SetCondition(analysis, v1alpha1.ConditionInvestigationComplete, false, InvestigationFailed, message)
	SetCondition(analysis, v1alpha1.ConditionAnalysisComplete, false, AnalysisFailed, message)
	fail(analysis, v1alpha1.ReasonAPIError, sub, message, now)
}

// Wait is how long the next call has to wait; zero or less means that it is due.
func Wait(analysis *v1alpha1.AIAnalysis, now time.Time) time.Duration {
	if analysis.Status.NextAttemptAt == nil {
		return 0
	}
	return analysis.Status.NextAttemptAt.Sub(now)
}
