package addr

import (
	"net"
	"testing"

	. "github.com/onsi/gomega"
)

func TestListenTakesAFreePreferredPort(t *testing.T) {
	g := NewWithT(t)
	first, err := Listen(0)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(first.Close()).To(Succeed())
	second, err := Listen(first.Port)
	g.Expect(err).NotTo(HaveOccurred())
	defer second.Close()
	g.Expect(second.Port).To(Equal(first.Port))
}

func TestListenFallsBackWhenThePreferredPortIsTaken(t *testing.T) {
	g := NewWithT(t)
	first, err := Listen(0)
	g.Expect(err).NotTo(HaveOccurred())
	defer first.Close()
	second, err := Listen(first.Port)
	g.Expect(err).NotTo(HaveOccurred())
	defer second.Close()
	g.Expect(second.Port).NotTo(Equal(first.Port))
}

func TestListenerFileAcceptsConnections(t *testing.T) {
	g := NewWithT(t)
	listener, err := Listen(0)
	g.Expect(err).NotTo(HaveOccurred())
	defer listener.Close()
	connection, err := net.Dial("tcp", listener.URL()[len("http://"):])
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(connection.Close()).To(Succeed())
}

func TestReservationKeepsOthersFromThePort(t *testing.T) {
	g := NewWithT(t)
	reserved, err := Reserve()
	g.Expect(err).NotTo(HaveOccurred())
	defer reserved.Close()
	_, err = net.Listen("tcp", reserved.Address())
	g.Expect(err).To(HaveOccurred())
}
