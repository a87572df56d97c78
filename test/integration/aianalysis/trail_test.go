package aianalysis

import (
	"context"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
)

// trail is what DataStorage has of a remediation, the oldest event first.
func trail(ctx context.Context, correlation string, category ogenclient.EventCategory) []ogenclient.AuditEvent {
	GinkgoHelper()
	answer, err := world.trail.ListAuditEvents(ctx, ogenclient.ListAuditEventsParams{
		CorrelationID: ogenclient.NewOptString(correlation), EventCategory: ogenclient.NewOptEventCategory(category),
		Limit: ogenclient.NewOptInt(1000),
	})
	Expect(err).NotTo(HaveOccurred())
	list, is := answer.(*ogenclient.AuditEventList)
	Expect(is).To(BeTrue(), "DataStorage answered with %T", answer)
	slices.Reverse(list.Data)
	return list.Data
}

// story is the trail in a few words, an event each.
func story(events []ogenclient.AuditEvent) []string {
	var told []string
	for _, event := range events {
		words := string(event.EventType)
		if payload, is := event.EventData.GetAIAnalysisPhaseTransitionPayload(); is {
			words += " " + payload.OldPhase + " " + payload.NewPhase
		}
		told = append(told, words)
	}
	return told
}

// investigations are how many analyses HolmesGPT completed for a remediation.
func investigations(ctx context.Context, correlation string) int {
	GinkgoHelper()
	count := 0
	for _, event := range trail(ctx, correlation, ogenclient.EventCategoryAiagent) {
		if event.EventType == ogenclient.EventTypeHolmesgptResponseComplete {
			count++
		}
	}
	return count
}

// made is when an event was made, in milliseconds: its id has the time, of which
// the contract's Go client writes whole seconds only.
func made(event ogenclient.AuditEvent) time.Time {
	return time.Unix(event.EventID.Time().UnixTime())
}
