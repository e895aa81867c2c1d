"""Ask a server for the same page again and again, over connections that stay open."""

import socket

from measurements.bench import Failure, connect, cpu_of, tree

CONNECTIONS = 16
WARM_UP, BATCHES, REQUESTS = 1_600, 32, 400
SETTING = (
    f"{BATCHES} batches of {REQUESTS:,} requests, HTTP/1.1, in turn over {CONNECTIONS} open "
    f"connections on 127.0.0.1, after {WARM_UP:,} that do not count; CPU of all processes of the "
    "server in its cheapest batch"
)


def cost_of(pid: int, port: int, path: str) -> float:
    """Return the milliseconds of CPU that a request costs a server, in its cheapest batch."""
    ask(port, path, WARM_UP)
    processes, found = tree(pid), []
    for _ in range(BATCHES):
        before = cpu_of(processes)
        ask(port, path, REQUESTS)
        found.append((cpu_of(processes) - before) * 1000 / REQUESTS)
    return min(found)


def ask(port: int, path: str, requests: int) -> bytes:
    """Send so many requests in turn over all connections; return the last body. Raises Failure."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n".encode()
    connections = [connect(port) for _ in range(CONNECTIONS)]
    body = b""
    for _ in range(requests // CONNECTIONS):
        for connection in connections:
            connection.sendall(request)
        for number, connection in enumerate(connections):
            body, stays = read(connection)
            if not stays:  # some servers close after so many requests
                connection.close()
                connections[number] = connect(port)
    for connection in connections:
        connection.close()
    return body


def read(connection: socket.socket) -> tuple[bytes, bool]:
    """Return the body of an answer, and whether the connection stays open. Raises Failure."""
    # Or a server that sends head and body apart waits 40 ms in between for an acknowledgement.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    received = b""
    while b"\r\n\r\n" not in received:
        received += receive(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    head = head.lower()
    if not head.startswith(b"http/1.1 200"):
        raise Failure(f"the server answers {head[:40]!r}")
    length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += receive(connection)
    return body, b"connection: close" not in head


def receive(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise Failure("the server closed a connection that was to stay open")
    return part
