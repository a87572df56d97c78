// Package addr hands out the loopback addresses of the stack before any part
// runs, so that every URL is known at the start and no part races for a port.
package addr

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

const loopback = "127.0.0.1"

// Listener is a listening socket that a child inherits.
type Listener struct {
	File *os.File
	Port int
}

// URL is the base URL under which the listener is reached.
func (l *Listener) URL() string { return fmt.Sprintf("http://%s:%d", loopback, l.Port) }

// Close gives up this process's copy; a child that inherited it keeps its own.
// A second time it does nothing.
func (l *Listener) Close() error {
	if err := l.File.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}

// Listen binds the preferred port when it is free, else one from the kernel.
func Listen(preferred int) (*Listener, error) {
	tcp, err := listen(preferred)
	if err != nil && preferred != 0 {
		tcp, err = listen(0)
	}
	if err != nil {
		return nil, fmt.Errorf("bind a loopback listener: %w", err)
	}
	return inheritable(tcp)
}

// ListenAt binds this port and no other.
func ListenAt(port int) (*Listener, error) {
	tcp, err := listen(port)
	if err != nil {
		return nil, fmt.Errorf("bind a loopback listener: %w", err)
	}
	return inheritable(tcp)
}

func inheritable(tcp *net.TCPListener) (*Listener, error) {
	defer tcp.Close()
	file, err := tcp.File()
	if err != nil {
		return nil, fmt.Errorf("duplicate the listener: %w", err)
	}
	return &Listener{File: file, Port: tcp.Addr().(*net.TCPAddr).Port}, nil
}

// listen binds plain TCP. Go's default is MPTCP, for which asyncio leaves
// Nagle's algorithm on: every kept-alive request would wait 40 ms.
func listen(port int) (*net.TCPListener, error) {
	var config net.ListenConfig
	config.SetMultipathTCP(false)
	listener, err := config.Listen(context.Background(), "tcp4", net.JoinHostPort(loopback, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	return listener.(*net.TCPListener), nil
}
