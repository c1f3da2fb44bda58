"""A crowd of seeders in one process: crowd.py PAYLOAD PIECE_LENGTH ACTIVE.

It listens on every address of 127/8 at one port and prints `port PORT`; each address is a peer, and
speaks of whichever torrent it is asked for: all are of the same payload. Those whose last byte is at
most ACTIVE send when they are told to, BYTES_PER_SECOND each; the others stay choked for ever.
Lines on standard input: `count` is answered with {"connections", "active", "sent"}, `serve` has the
active ones unchoke and send, `rest` has them choke again and forget what they were asked for.
"""
import collections, json, os, selectors, socket, struct, sys, time

BYTES_PER_SECOND = 256 * 1024
TICK = 0.1
HANDSHAKE = 68
CHOKE, UNCHOKE, BITFIELD, REQUEST = 0, 1, 5, 6

payload, piece_length, active = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
file = os.open(payload, os.O_RDONLY)
pieces = -(-os.fstat(file).st_size // piece_length)
bits = bytearray(b"\xff" * (-(-pieces // 8)))
bits[-1] &= 0xFF << (-pieces % 8) & 0xFF
greeting = struct.pack(">IB", 1 + len(bits), BITFIELD) + bytes(bits)

selector = selectors.DefaultSelector()
peers = set()
state = {"serving": False, "sent": 0}


class Peer:
    def __init__(self, conn):
        self.conn, self.bytes, self.out, self.greeted = conn, b"", b"", False
        self.active = int(conn.getsockname()[0].split(".")[3]) <= active
        self.requests = collections.deque()

    def read(self):
        part = self.conn.recv(65536)
        if part == b"":
            raise ConnectionResetError
        self.bytes += part
        if not self.greeted:
            # An encrypted handshake: who closes is tried again without.
            if not self.bytes.startswith(b"\x13BitTorrent protocol"[:len(self.bytes)]):
                raise ConnectionResetError
            if len(self.bytes) < HANDSHAKE:
                return
            self.greeted = True
            hash, self.bytes = self.bytes[28:48], self.bytes[HANDSHAKE:]
            id = b"-CR0001-" + os.urandom(6).hex().encode()
            self.write(b"\x13BitTorrent protocol" + bytes(8) + hash + id + greeting)
            if state["serving"] and self.active:
                self.write(struct.pack(">IB", 1, UNCHOKE))
        while len(self.bytes) >= 4:
            (length,) = struct.unpack(">I", self.bytes[:4])
            if len(self.bytes) < 4 + length:
                return
            if length == 13 and self.bytes[4] == REQUEST:
                self.requests.append(struct.unpack(">III", self.bytes[5:17]))
            self.bytes = self.bytes[4 + length:]

    def write(self, message):
        self.out += message
        if self.out:
            try:
                self.out = self.out[self.conn.send(self.out):]
            except BlockingIOError:
                pass

    def serve(self, budget):
        while budget > 0 and self.requests and len(self.out) < 65536:
            index, begin, length = self.requests.popleft()
            block = os.pread(file, length, index * piece_length + begin)
            self.write(struct.pack(">IBII", 9 + length, 7, index, begin) + block)
            budget -= length
            state["sent"] += length
        return budget


def accept():
    try:
        conn, _ = listener.accept()
    except OSError:
        # Whoever it was has gone again.
        return
    conn.setblocking(False)
    peer = Peer(conn)
    peers.add(peer)
    selector.register(conn, selectors.EVENT_READ, lambda: guarded(peer, peer.read))


def guarded(peer, act, *arguments):
    """What ends a connection here ends only that one."""
    try:
        return act(*arguments)
    except BlockingIOError:
        pass
    except OSError:
        if peer in peers:
            peers.remove(peer)
            selector.unregister(peer.conn)
            peer.conn.close()


def command():
    line = sys.stdin.readline()
    if line == "":
        os._exit(0)
    if line == "count\n":
        up = [peer for peer in peers if peer.greeted]
        count = sum(peer.active for peer in up)
        answer = {"connections": len(up), "active": count, "sent": state["sent"]}
        print(json.dumps(answer), flush=True)
        return
    state["serving"] = line == "serve\n"
    for peer in [peer for peer in peers if peer.active and peer.greeted]:
        if not state["serving"]:
            peer.requests.clear()
        kind = UNCHOKE if state["serving"] else CHOKE
        guarded(peer, peer.write, struct.pack(">IB", 1, kind))


listener = socket.create_server(("0.0.0.0", 0), backlog=1024)
listener.setblocking(False)
selector.register(listener, selectors.EVENT_READ, accept)
selector.register(sys.stdin, selectors.EVENT_READ, command)
print("port", listener.getsockname()[1], flush=True)
budgets = collections.defaultdict(float)
due = time.monotonic()
while True:
    for key, _ in selector.select(max(0, due - time.monotonic())):
        key.data()
    if time.monotonic() < due:
        continue
    due = time.monotonic() + TICK
    for peer in list(peers):
        if peer.out:
            guarded(peer, peer.write, b"")
        if state["serving"] and peer.active:
            # A block is more than a tick's share: what it went beyond is owed.
            budget = min(budgets[peer], 0) + BYTES_PER_SECOND * TICK
            budgets[peer] = guarded(peer, peer.serve, budget) or 0
