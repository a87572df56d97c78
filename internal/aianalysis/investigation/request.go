package investigation

import (
	"encoding/json"

	"github.com/go-faster/jx"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/pkg/holmesgpt/client"
)

const (
	signalSource = "kubernaut"
	// Used for what no custom label says.
	riskTolerance, businessCategory, clusterName = "medium", "standard", "default"
)

// incidentRequest depends on the spec alone: every call under the key asks the same.
func incidentRequest(analysis *v1alpha1.AIAnalysis) client.IncidentRequest {
	signal := analysis.Spec.AnalysisRequest.SignalContext
	labels := signal.EnrichmentResults.CustomLabels
	return client.IncidentRequest{
		IncidentID: analysis.Name, RemediationID: analysis.CorrelationID(),
		SignalType: signal.SignalType, Severity: client.Severity(signal.Severity), SignalSource: signalSource,
		ResourceNamespace: signal.TargetResource.Namespace, ResourceKind: signal.TargetResource.Kind,
		ResourceName: signal.TargetResource.Name,
		Environment:  signal.Environment, Priority: signal.BusinessPriority,
		RiskTolerance:     first(labels, "risk_tolerance", riskTolerance),
		BusinessCategory:  first(labels, "business_category", businessCategory),
		ClusterName:       first(labels, "cluster_name", clusterName),
		EnrichmentResults: client.NewOptNilEnrichmentResults(enrichment(signal.EnrichmentResults)),
	}
}

func recoveryRequest(analysis *v1alpha1.AIAnalysis) client.RecoveryRequest {
	signal := analysis.Spec.AnalysisRequest.SignalContext
	labels := signal.EnrichmentResults.CustomLabels
	request := client.RecoveryRequest{
		IncidentID: analysis.Name, RemediationID: analysis.CorrelationID(),
		IsRecoveryAttempt: client.NewOptBool(true),
		Environment:       client.NewOptString(signal.Environment), Priority: client.NewOptString(signal.BusinessPriority),
		RiskTolerance:     client.NewOptString(first(labels, "risk_tolerance", riskTolerance)),
		BusinessCategory:  client.NewOptString(first(labels, "business_category", businessCategory)),
		SignalType:        client.NewOptNilString(signal.SignalType),
		Severity:          client.NewOptNilSeverity(client.Severity(signal.Severity)),
		ResourceNamespace: client.NewOptNilString(signal.TargetResource.Namespace),
		ResourceKind:      client.NewOptNilString(signal.TargetResource.Kind),
		ResourceName:      client.NewOptNilString(signal.TargetResource.Name),
		SignalSource:      client.NewOptNilString(signalSource),
		EnrichmentResults: client.NewOptNilEnrichmentResults(enrichment(signal.EnrichmentResults)),
	}
	if number := analysis.Spec.RecoveryAttemptNumber; number != nil {
		request.RecoveryAttemptNumber = client.NewOptNilInt(int(*number))
	}
	if executions := analysis.Spec.PreviousExecutions; len(executions) > 0 {
		request.PreviousExecution = client.NewOptNilPreviousExecution(previous(executions[len(executions)-1]))
	}
	return request
}

func previous(execution v1alpha1.PreviousExecution) client.PreviousExecution {
	cause, workflow, failure := execution.OriginalRCA, execution.SelectedWorkflow, execution.Failure
	made := client.PreviousExecution{
		WorkflowExecutionRef: execution.WorkflowExecutionRef,
		OriginalRca: client.OriginalRca{Summary: cause.Summary, SignalType: cause.SignalType, Severity: string(cause.Severity),
			ContributingFactors: client.NewOptNilStringArray(append([]string{}, cause.ContributingFactors...))},
		SelectedWorkflow: client.PreviousWorkflow{WorkflowID: workflow.WorkflowID, Version: optional(workflow.Version),
			ContainerImage: optional(workflow.ContainerImage), Rationale: optional(workflow.Rationale)},
		Failure: client.PreviousFailure{FailedStepIndex: client.NewOptNilInt(int(failure.FailedStepIndex)),
			FailedStepName: optional(failure.FailedStepName), Reason: failure.Reason, Message: failure.Message,
			ExecutionTime: optional(failure.ExecutionTime)},
	}
	if workflow.Parameters != nil {
		made.SelectedWorkflow.Parameters = client.NewOptNilPreviousWorkflowParameters(workflow.Parameters)
	}
	if failure.ExitCode != nil {
		made.Failure.ExitCode = client.NewOptNilInt(int(*failure.ExitCode))
	}
	if failure.FailedAt != nil {
		made.Failure.FailedAt = client.NewOptNilString(failure.FailedAt.UTC().Format("2006-01-02T15:04:05Z"))
	}
	return made
}

// enrichment passes on what the object has, in the words that it has it in.
func enrichment(found v1alpha1.EnrichmentResults) client.EnrichmentResults {
	var made client.EnrichmentResults
	if found.KubernetesContext != nil {
		context := client.EnrichmentResultsKubernetesContext(fields(found.KubernetesContext))
		if len(found.OwnerChain) > 0 {
			context["ownerChain"] = raw(found.OwnerChain)
		}
		made.KubernetesContext = client.NewOptNilEnrichmentResultsKubernetesContext(context)
	}
	if found.DetectedLabels != nil {
		made.DetectedLabels = client.NewOptNilEnrichmentResultsDetectedLabels(fields(found.DetectedLabels))
	}
	if found.CustomLabels != nil {
		made.CustomLabels = client.NewOptNilEnrichmentResultsCustomLabels(found.CustomLabels)
	}
	return made
}

// fields are the members of a value's JSON object.
func fields(value any) map[string]jx.Raw {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw(value), &members); err != nil {
		panic(err) // A value of our own types is an object.
	}
	made := make(map[string]jx.Raw, len(members))
	for name, member := range members {
		made[name] = jx.Raw(member)
	}
	return made
}

func raw(value any) jx.Raw {
	content, err := json.Marshal(value)
	if err != nil {
		panic(err) // A value of our own types has a JSON form.
	}
	return content
}

func first(labels map[string][]string, name, otherwise string) string {
	if values := labels[name]; len(values) > 0 {
		return values[0]
	}
	return otherwise
}

func optional(text string) client.OptNilString {
	if text == "" {
		return client.OptNilString{}
	}
	return client.NewOptNilString(text)
}
