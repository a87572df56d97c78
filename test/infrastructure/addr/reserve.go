package addr

import (
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// Reservation keeps a port for a child that can only be told a number and that
// sets SO_REUSEPORT itself. The socket is bound, never listening, so that the
// child gets every connection.
type Reservation struct {
	Port int
	fd   int
}

// Reserve binds a loopback port from the kernel.
func Reserve() (*Reservation, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, fmt.Errorf("reserve a port: %w", err)
	}
	unix.CloseOnExec(fd)
	port, err := bind(fd)
	if err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("reserve a port: %w", err)
	}
	return &Reservation{Port: port, fd: fd}, nil
}

// Address is host:port.
func (r *Reservation) Address() string { return net.JoinHostPort(loopback, fmt.Sprint(r.Port)) }

// Close gives the port up; a second time it does nothing.
func (r *Reservation) Close() error {
	if r.fd < 0 {
		return nil
	}
	fd := r.fd
	r.fd = -1
	return unix.Close(fd)
}

func bind(fd int) (int, error) {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		return 0, err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return 0, err
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return 0, err
	}
	return name.(*unix.SockaddrInet4).Port, nil
}
