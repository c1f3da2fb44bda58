"""A DHT of libtorrent nodes, one at each address, that know only each other: libtorrent_dht.py API_ADDRESS ADDRESS….
Prints `api PORT`, `nodes HOST:PORT …`.

POST /add {"torrent": PATH, "folder": PATH}: the last node seeds or downloads it, by the DHT alone.
GET /torrents/INFO_HASH: {"state", "seeding", "peers"}; GET /nodes: the size of each node's routing table.
One thread does it all: the bindings have crashed when several called them at once.
"""
import http.server, json, os, signal, socket, sys, time
import libtorrent as lt

api_address, addresses = sys.argv[1], sys.argv[2:]
# Between two announces: the first ones come before there are nodes to announce to.
ANNOUNCE_SECONDS = 2


def free_port(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def node(address, port):
    return lt.session({
        "listen_interfaces": "%s:%d" % (address, port),
        "enable_dht": True, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "dht_bootstrap_nodes": "",
        # Addresses that are not public: out there libtorrent wants one node of each network, and ids to fit.
        "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False,
        "dht_prefer_verified_node_ids": False, "dht_enforce_node_id": False,
        "dht_ignore_dark_internet": False,
        # It would ban an address for five packets a second, and answer with 8,000 bytes a second.
        "dht_block_ratelimit": 10000, "dht_upload_rate_limit": 1 << 20,
        "allow_multiple_connections_per_ip": True,
        "enable_incoming_utp": False, "enable_outgoing_utp": False,
        "alert_mask": 0,
    })


nodes = [(address, free_port(address)) for address in addresses]
sessions = [node(*where) for where in nodes]
for i, session in enumerate(sessions):
    for step in range(1, min(4, len(nodes))):
        session.add_dht_node(nodes[(i + step) % len(nodes)])
handles = {}


def table_size(session):
    session.post_session_stats()
    end = time.monotonic() + 1
    while time.monotonic() < end:
        session.wait_for_alert(100)
        for alert in session.pop_alerts():
            if isinstance(alert, lt.session_stats_alert):
                return alert.values["dht.dht_nodes"]
    return -1


class Api(http.server.BaseHTTPRequestHandler):
    timeout = 2

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(request["torrent"])
        params.save_path = request["folder"]
        flags = lt.torrent_flags
        params.flags |= flags.disable_lsd | flags.disable_pex
        params.flags &= ~(flags.auto_managed | flags.paused)
        handles[str(params.ti.info_hashes().v1)] = sessions[-1].add_torrent(params)
        self.answer({})

    def do_GET(self):
        if self.path == "/nodes":
            return self.answer([table_size(session) for session in sessions])
        handle = handles[self.path.rsplit("/", 1)[1]]
        status = handle.status()
        self.answer({
            "state": str(status.state),
            "seeding": status.is_seeding,
            "peers": ["%s:%d" % peer.ip for peer in handle.get_peer_info()],
        })

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
server = http.server.HTTPServer((api_address, 0), Api)
server.timeout = 0.1
print("nodes " + " ".join("%s:%d" % where for where in nodes), flush=True)
print("api %d" % server.server_address[1], flush=True)
announced = 0
while True:
    server.handle_request()
    if time.monotonic() - announced > ANNOUNCE_SECONDS:
        announced = time.monotonic()
        for handle in handles.values():
            handle.force_dht_announce()
