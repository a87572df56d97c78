# Decides whether a person must approve the workflow that was selected.
package aianalysis.approval

import rego.v1

default require_approval := false

default reason := "Auto-approved"

production if input.environment == "production"

attempt := object.get(input, "recovery_attempt_number", 0)

repeated_recovery if {
	input.is_recovery_attempt
	attempt >= 3
}

target_validated if input.target_in_owner_chain

failed_detections if count(object.get(input, "failed_detections", [])) > 0

warnings if count(object.get(input, "warnings", [])) > 0

stateful if object.get(object.get(input, "detected_labels", {}), "stateful", false)

require_approval if production

require_approval if repeated_recovery

reason := sprintf("Multiple recovery attempts (%d) require manual approval", [attempt]) if {
	repeated_recovery
} else := "Production environment with unvalidated target requires manual approval" if {
	production
	not target_validated
} else := "Production environment with failed detections requires manual approval" if {
	production
	failed_detections
} else := "Production environment with warnings requires manual approval" if {
	production
	warnings
} else := "Stateful workload in production environment requires manual approval" if {
	production
	stateful
} else := "Production environment requires manual approval" if {
	production
}
