package controlplane

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// Claims describe a token to mint. A Key other than nil makes it foreign.
type Claims struct {
	Namespace      string
	ServiceAccount string
	UID            string
	Audience       string
	NotBefore      time.Time
	Expires        time.Time
	Key            *rsa.PrivateKey
}

// MintToken signs a ServiceAccount token as the API server would; TokenRequest
// cannot make expired or not yet valid ones.
func (c *ControlPlane) MintToken(claims Claims) (string, error) {
	key := claims.Key
	if key == nil {
		key = c.key
	}
	id, err := keyID(&key.PublicKey)
	if err != nil {
		return "", err
	}
	header := map[string]any{"alg": "RS256", "kid": id}
	body := map[string]any{
		"iss": Issuer, "aud": []string{claims.Audience},
		"sub": fmt.Sprintf("system:serviceaccount:%s:%s", claims.Namespace, claims.ServiceAccount),
		"iat": claims.NotBefore.Unix(), "nbf": claims.NotBefore.Unix(), "exp": claims.Expires.Unix(),
		"kubernetes.io": map[string]any{"namespace": claims.Namespace,
			"serviceaccount": map[string]string{"name": claims.ServiceAccount, "uid": claims.UID}},
	}
	return signToken(key, header, body)
}

func signToken(key *rsa.PrivateKey, parts ...map[string]any) (string, error) {
	var unsigned string
	for i, part := range parts {
		data, err := json.Marshal(part)
		if err != nil {
			return "", fmt.Errorf("encode token: %w", err)
		}
		if i > 0 {
			unsigned += "."
		}
		unsigned += base64.RawURLEncoding.EncodeToString(data)
	}
	digest := sha256.Sum256([]byte(unsigned))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return unsigned + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func keyID(key *rsa.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("encode public key: %w", err)
	}
	sum := sha256.Sum256(der)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}
