"""Python's socket module, which asks the C library. See README.md for the lines read and written."""

import socket
import sys
import time

FAMILIES = {'any': socket.AF_UNSPEC, 'ipv4': socket.AF_INET, 'ipv6': socket.AF_INET6}
NONE = {socket.EAI_NONAME, getattr(socket, 'EAI_NODATA', socket.EAI_NONAME)}
# h_errno of netdb.h: the host is not known, or has no data.
HOST_NOT_FOUND, NO_DATA = 1, 4


def look_up(kind, subject):
    try:
        if kind == 'reverse':
            return socket.gethostbyaddr(subject)[0]
        found = socket.getaddrinfo(subject, None, FAMILIES[kind], socket.SOCK_STREAM)
        return ' '.join(address[0] for *_, address in found)
    except socket.gaierror as error:
        return 'none' if error.errno in NONE else f'!EAI{error.errno}'
    except socket.herror as error:
        return 'none' if error.errno in (HOST_NOT_FOUND, NO_DATA) else f'!h_errno{error.errno}'


for line in sys.stdin:
    kind, subject = line.split()
    start = time.perf_counter()
    found = look_up(kind, subject)
    print(f'{(time.perf_counter() - start) * 1000:.3f} {found}', flush=True)
