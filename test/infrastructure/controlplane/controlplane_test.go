package controlplane_test

import (
	"crypto/rand"
	"crypto/rsa"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
)

const rbac = `apiVersion: v1
kind: ServiceAccount
metadata: {name: caller}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: caller}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:auth-delegator}
subjects: [{kind: ServiceAccount, name: caller, namespace: spec}]
`

func TestControlPlaneJudgesRequestedAndMintedTokens(t *testing.T) {
	g := NewWithT(t)
	assets, err := controlplane.Assets("../../..")
	g.Expect(err).NotTo(HaveOccurred())
	dir, begin := t.TempDir(), time.Now()
	plane, err := controlplane.Start(t.Context(), controlplane.Options{Assets: assets, Dir: dir, LogDir: dir})
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { g.Expect(plane.Discard(t.Context())).To(Succeed()) }()
	t.Logf("control plane ready in %s", time.Since(begin))

	client, err := kube.New(plane.Config)
	g.Expect(err).NotTo(HaveOccurred())
	rules := t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(rules, "rbac.yaml"), []byte(rbac), 0o600)).To(Succeed())
	g.Expect(client.EnsureNamespace(t.Context(), "spec")).To(Succeed())
	g.Expect(client.ApplyDir(t.Context(), rules, "spec")).To(Succeed())
	g.Expect(client.ApplyDir(t.Context(), rules, "spec")).To(Succeed())
	uid, err := client.ServiceAccountUID(t.Context(), "spec", "caller")
	g.Expect(err).NotTo(HaveOccurred())

	own, err := client.Token(t.Context(), "spec", "caller")
	g.Expect(err).NotTo(HaveOccurred())
	path := filepath.Join(dir, "kubeconfig")
	g.Expect(plane.WriteKubeconfig(path, "spec", own)).To(Succeed())
	info, err := os.Stat(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))
	config, err := clientcmd.BuildConfigFromFlags("", path)
	g.Expect(err).NotTo(HaveOccurred())
	reviewer := kubernetes.NewForConfigOrDie(config)
	accepted := func(token string) bool {
		review, err := reviewer.AuthenticationV1().TokenReviews().Create(t.Context(), &authenticationv1.TokenReview{
			Spec: authenticationv1.TokenReviewSpec{Token: token, Audiences: []string{kube.Audience}}}, metav1.CreateOptions{})
		g.Expect(err).NotTo(HaveOccurred())
		return review.Status.Authenticated
	}
	requested, err := client.Token(t.Context(), "spec", "caller", kube.Audience)
	g.Expect(err).NotTo(HaveOccurred())
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	g.Expect(err).NotTo(HaveOccurred())
	mint := func(from, to time.Duration, key *rsa.PrivateKey) string {
		token, err := plane.MintToken(controlplane.Claims{Namespace: "spec", ServiceAccount: "caller", UID: uid,
			Audience: kube.Audience, NotBefore: time.Now().Add(from), Expires: time.Now().Add(to), Key: key})
		g.Expect(err).NotTo(HaveOccurred())
		return token
	}
	g.Expect(accepted(requested)).To(BeTrue())
	g.Expect(accepted(mint(-time.Minute, time.Hour, nil))).To(BeTrue())
	g.Expect(accepted(own)).To(BeFalse())
	g.Expect(accepted(mint(-2*time.Hour, -time.Hour, nil))).To(BeFalse())
	g.Expect(accepted(mint(time.Hour, 2*time.Hour, nil))).To(BeFalse())
	g.Expect(accepted(mint(-time.Minute, time.Hour, foreign))).To(BeFalse())
	reviews, err := client.Reviews(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(reviews).To(Equal(kube.Reviews{Token: 6}))
}
