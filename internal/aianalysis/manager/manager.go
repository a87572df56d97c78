package manager

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
	"github.com/jordigilh/kubernaut/internal/aianalysis/audit"
	aacontroller "github.com/jordigilh/kubernaut/internal/aianalysis/controller"
	"github.com/jordigilh/kubernaut/internal/aianalysis/investigation"
	"github.com/jordigilh/kubernaut/internal/aianalysis/metrics"
	"github.com/jordigilh/kubernaut/internal/aianalysis/phases"
)

const (
	name = "aianalysis-controller"
	// farewell is how long a deleted analysis waits for DataStorage.
	farewell = 10 * time.Minute
	// The API server's own limits are the ones that count; client-go's defaults
	// of 5 and 10 would let many analyses wait in silence.
	qps, burst = 100, 200
)

// +kubebuilder:rbac:groups=coordination.k8s.io,resources=leases,namespace=kubernaut-system,verbs=get;create;update
// +kubebuilder:rbac:groups="";events.k8s.io,resources=events,namespace=kubernaut-system,verbs=create;patch

// Scheme has the types that the controller reads and writes.
func Scheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	return scheme, errors.Join(clientgoscheme.AddToScheme(scheme), v1alpha1.AddToScheme(scheme))
}

// New is a manager that is ready to start. A policy that cannot be used is an
// error: nothing may be led without one.
func New(ctx context.Context, config *rest.Config, options Options) (ctrl.Manager, error) {
	if err := options.Validate(); err != nil {
		return nil, err
	}
	policy := &approval.Evaluator{Path: options.PolicyPath}
	if _, err := policy.Load(ctx); err != nil {
		return nil, err
	}
	scheme, err := Scheme()
	if err != nil {
		return nil, err
	}
	limited := rest.CopyConfig(config)
	limited.QPS, limited.Burst = qps, burst
	manager, err := ctrl.NewManager(limited, settings(options, scheme))
	if err != nil {
		return nil, fmt.Errorf("make a manager: %w", err)
	}
	measured, err := metrics.New(options.Registry)
	if err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	watcher := approval.Watcher{Evaluator: policy, Log: manager.GetLogger().WithName("approval"), Reloaded: measured.Reloaded}
	return manager, errors.Join(manager.Add(watcher), probes(manager, policy), lead(manager, options, policy, measured))
}

func settings(options Options, scheme *runtime.Scheme) ctrl.Options {
	made := ctrl.Options{
		Scheme:                 scheme,
		Metrics:                server.Options{BindAddress: options.MetricsAddress},
		HealthProbeBindAddress: options.HealthAddress,
		LeaderElection:         options.Lead, LeaderElectionID: name, LeaderElectionNamespace: options.LeaseNamespace,
		// Whoever stops has stopped working: the next one need not wait for the lease.
		LeaderElectionReleaseOnCancel: true,
	}
	if options.Namespace != "" {
		made.Cache.DefaultNamespaces = map[string]cache.Config{options.Namespace: {}}
	}
	return made
}

func probes(manager ctrl.Manager, policy *approval.Evaluator) error {
	ready := func(*http.Request) error {
		if !policy.Loaded() {
			return errors.New("the approval policy is not loaded")
		}
		return nil
	}
	return errors.Join(manager.AddHealthzCheck("ping", healthz.Ping), manager.AddReadyzCheck("policy", ready))
}

// lead adds the controller.
func lead(manager ctrl.Manager, options Options, policy *approval.Evaluator, measured *metrics.Metrics) error {
	asks, err := investigation.NewClient(options.HolmesGPTURL, options.TokenFile)
	if err != nil {
		return err
	}
	trail, err := audit.NewStore(options.DataStorageURL, options.TokenFile, options.DataStorageTimeout)
	if err != nil {
		return err
	}
	reconciler := &aacontroller.Reconciler{
		Client: manager.GetClient(), Reader: manager.GetAPIReader(), Events: manager.GetEventRecorder(name),
		Asks: asks, Policy: policy, Trail: trail, Metrics: measured,
		Timing: aacontroller.Timing{
			Investigating: options.HolmesGPTTimeout, Analyzing: options.PolicyTimeout,
			Backoff: phases.Backoff{Base: options.RetryBase}, Redelivery: options.Redelivery, Farewell: farewell,
		},
	}
	// One process may have several managers, each for its own namespace.
	repeated := true
	return ctrl.NewControllerManagedBy(manager).Named(name).For(&v1alpha1.AIAnalysis{}).
		WithOptions(controller.Options{MaxConcurrentReconciles: options.Parallel, SkipNameValidation: &repeated}).
		Complete(reconciler)
}
