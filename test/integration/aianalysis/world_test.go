package aianalysis

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/manager"
	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	hapi "github.com/jordigilh/kubernaut/pkg/holmesgpt/client"
	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/infrastructure/suite"
)

// controllerUser is whom config/rbac gives its rights to.
const controllerUser = "system:serviceaccount:kubernaut-system:aianalysis-controller"

const (
	patience = 60 * time.Second
	glance   = 50 * time.Millisecond
)

// world is what the specs of this process work on.
var world struct {
	suite.Shared
	config    *rest.Config
	api       client.WithWatch
	kube      *kube.Client
	trail     *ogenclient.Client
	hapi      *hapi.Client
	namespace string
	// metrics are those of the process's own manager.
	metrics *prometheus.Registry
}

// receive makes the clients of this process and starts its manager.
func receive(ctx SpecContext, data []byte) {
	ctrl.SetLogger(GinkgoLogr)
	var err error
	world.Shared, err = suite.ReadShared(data)
	Expect(err).NotTo(HaveOccurred())
	world.config, err = clientcmd.BuildConfigFromFlags("", world.Kubeconfig)
	Expect(err).NotTo(HaveOccurred())
	world.config.QPS, world.config.Burst = 1000, 2000
	scheme, err := manager.Scheme()
	Expect(err).NotTo(HaveOccurred())
	world.api, err = client.NewWithWatch(world.config, client.Options{Scheme: scheme})
	Expect(err).NotTo(HaveOccurred())
	world.kube, err = kube.New(world.config)
	Expect(err).NotTo(HaveOccurred())
	world.trail, err = seed.NewClient(world.DataStorageURL, world.TokenFile)
	Expect(err).NotTo(HaveOccurred())
	world.hapi, err = hapi.NewClient(world.HolmesGPTURL, token(world.TokenFile))
	Expect(err).NotTo(HaveOccurred())

	world.namespace = namespace(ctx)
	world.metrics = lead(world.namespace, nil).metrics
	Eventually(ctx, func() error { return world.api.List(ctx, &v1alpha1.AIAnalysisList{}) }).
		WithTimeout(patience).Should(Succeed(), "the CRD is served")
}

// namespace makes one that nobody else uses.
func namespace(ctx context.Context) string {
	name := fmt.Sprintf("aa-p%d-%s", GinkgoParallelProcess(), uuid.NewString()[:8])
	Expect(world.api.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}})).To(Succeed())
	return name
}

// leader is a manager that runs.
type leader struct {
	metrics *prometheus.Registry
	stop    func()
}

// options are those of a manager of the suite: everything is retried soon.
func options(namespace string) manager.Options {
	made := manager.Default()
	made.Namespace = namespace
	made.HolmesGPTURL, made.DataStorageURL, made.TokenFile = world.HolmesGPTURL, world.DataStorageURL, world.TokenFile
	made.PolicyPath = filepath.Join(world.Root, "config", "rego", "approval.rego")
	made.HolmesGPTTimeout = 30 * time.Second
	made.RetryBase, made.Redelivery = 100*time.Millisecond, 200*time.Millisecond
	made.MetricsAddress, made.HealthAddress = "0", "0"
	made.Registry = prometheus.NewRegistry()
	return made
}

// lead starts a manager with the controller's own rights. It stops at the
// latest with the node that started it.
func lead(namespace string, change func(*manager.Options)) leader {
	GinkgoHelper()
	chosen := options(namespace)
	if change != nil {
		change(&chosen)
	}
	config := rest.CopyConfig(world.config)
	config.Impersonate.UserName = controllerUser
	ctx, cancel := context.WithCancel(context.Background())
	made, err := manager.New(ctx, config, chosen)
	if err != nil {
		cancel()
	}
	Expect(err).NotTo(HaveOccurred())
	ended := make(chan error, 1)
	go func() { ended <- made.Start(ctx) }()
	stopped := false
	stop := func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		var err error
		Eventually(ended).WithTimeout(patience).Should(Receive(&err))
		Expect(err).NotTo(HaveOccurred())
	}
	DeferCleanup(stop)
	return leader{metrics: chosen.Registry.(*prometheus.Registry), stop: stop}
}
