package addr

import (
	"net"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
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

func TestListenerIsPlainTCP(t *testing.T) {
	g := NewWithT(t)
	free, err := Listen(0)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(free.Close()).To(Succeed())
	for name, listen := range map[string]func(int) (*Listener, error){"preferred": Listen, "demanded": ListenAt} {
		listener, err := listen(free.Port)
		g.Expect(err).NotTo(HaveOccurred(), name)
		protocol, err := unix.GetsockoptInt(int(listener.File.Fd()), unix.SOL_SOCKET, unix.SO_PROTOCOL)
		g.Expect(err).NotTo(HaveOccurred(), name)
		g.Expect(protocol).To(Equal(unix.IPPROTO_TCP), name)
		g.Expect(listener.Close()).To(Succeed())
	}
}
