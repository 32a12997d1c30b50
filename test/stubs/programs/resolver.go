// Go's own resolver: to be run with GODEBUG=netdns=go. See README.md for the lines read and written.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

var networks = map[string]string{"any": "ip", "ipv4": "ip4", "ipv6": "ip6"}

func lookUp(kind, subject string) ([]string, error) {
	ctx := context.Background()
	if kind == "reverse" {
		return net.DefaultResolver.LookupAddr(ctx, subject)
	}
	addresses, err := net.DefaultResolver.LookupIP(ctx, networks[kind], subject)
	found := make([]string, 0, len(addresses))
	for _, address := range addresses {
		found = append(found, address.String())
	}
	return found, err
}

func describe(found []string, err error) string {
	var failure *net.DNSError
	switch {
	case errors.As(err, &failure) && failure.IsNotFound:
		return "none"
	case err != nil:
		return "!" + strings.ReplaceAll(err.Error(), " ", "_")
	default:
		return strings.Join(found, " ")
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		kind, subject, _ := strings.Cut(lines.Text(), " ")
		start := time.Now()
		found, err := lookUp(kind, subject)
		elapsed := float64(time.Since(start).Microseconds()) / 1000
		fmt.Printf("%.3f %s\n", elapsed, describe(found, err))
	}
}
