"""What leaves a network namespace: packet_watch.py ALLOWED. Prints a line of JSON when it sees, and one for each new
place that packets of any interface go to and that is not ALLOWED, an IPv4 address; whom ARP asks for counts as well.
What the kernel says of itself (ICMPv6, and its groups) does not."""
import json, socket, struct, sys

allowed = sys.argv[1]
OUTGOING = 4
ICMPV6, HOP_BY_HOP = 58, 0
watch = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))


def say(event):
    print(json.dumps(event), flush=True)


def target(frame):
    (kind,) = struct.unpack("!H", frame[12:14])
    if kind == 0x0800:
        header = (frame[14] & 15) * 4
        protocol = frame[23]
        ports = struct.unpack("!HH", frame[14 + header:18 + header]) if protocol in (6, 17) else (0, 0)
        return "ip %d %s:%d" % (protocol, socket.inet_ntoa(frame[30:34]), ports[1]), socket.inet_ntoa(frame[30:34])
    if kind == 0x0806:
        return "arp %s" % socket.inet_ntoa(frame[38:42]), socket.inet_ntoa(frame[38:42])
    if kind == 0x86DD:
        if frame[20] in (ICMPV6, HOP_BY_HOP):
            return None, None
        return "ip6 %d %s" % (frame[20], socket.inet_ntop(socket.AF_INET6, frame[38:54])), ""
    return None, None


say({"type": "up"})
seen = set()
while True:
    frame, (_, _, kind, *_) = watch.recvfrom(65535)
    if kind != OUTGOING or len(frame) < 42:
        continue
    what, address = target(frame)
    if what is None or address == allowed or what in seen:
        continue
    seen.add(what)
    say({"type": "leak", "to": what})
