"""libtorrent as a daemon: libtorrent_peer.py ADDRESS PORT [DISCOVERY [ENCRYPTION]]. Prints `api PORT`, then its own log.

DISCOVERY is JSON: {"dhtNode": "host:port", "address6": an IPv6 address}; with it PEX, LSD and uTP are on too.
ENCRYPTION is required (RC4), off, or either.
POST /add {"torrent": PATH or "magnet": LINK, "folder": PATH}: what is there is hashed, the rest downloaded.
POST /super-seed, /announce (to the DHT) {"torrent": INFO_HASH}.
GET /torrents/INFO_HASH: {"state", "seeding", "progress", "error", "peers", "addresses"}.
One thread does it all: the bindings have crashed when several called them at once.
"""
import http.server, json, os, signal, sys
import libtorrent as lt

address, port = sys.argv[1:3]
discovery = json.loads(sys.argv[3]) if len(sys.argv) > 3 else None
# Forced, disabled, enabled; enabled is what libtorrent comes with.
policy = {"required": 0, "off": 2}.get(sys.argv[4] if len(sys.argv) > 4 else "either", 1)
interfaces = "%s:%s" % (address, port)
if discovery:
    interfaces += ",[%s]:%s" % (discovery["address6"], port)
session = lt.session({
    "listen_interfaces": interfaces,
    "enable_dht": bool(discovery), "enable_lsd": bool(discovery), "local_service_announce_interval": 5,
    "dht_bootstrap_nodes": discovery["dhtNode"] if discovery else "",
    # All nodes of a test are on a few addresses that are not public.
    "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False, "dht_ignore_dark_internet": False,
    "dht_prefer_verified_node_ids": False, "dht_enforce_node_id": False,
    "dht_block_ratelimit": 10000, "dht_upload_rate_limit": 1 << 20,
    "in_enc_policy": policy, "out_enc_policy": policy,
    # RC4 alone where it is forced, either otherwise.
    "allowed_enc_level": 2 if policy == 0 else 3,
    "enable_upnp": False, "enable_natpmp": False,
    # Trackers on loopback are refused otherwise.
    "ssrf_mitigation": False,
    "allow_multiple_connections_per_ip": True,
    "enable_incoming_utp": bool(discovery), "enable_outgoing_utp": bool(discovery),
    "alert_mask": lt.alert.category_t.error_notification
    | lt.alert.category_t.tracker_notification
    | lt.alert.category_t.status_notification
    | lt.alert.category_t.connect_notification,
})
if discovery:
    # A bootstrap node is only asked, never put into the table.
    host, _, node_port = discovery["dhtNode"].rpartition(":")
    session.add_dht_node((host, int(node_port)))
handles = {}


class Api(http.server.BaseHTTPRequestHandler):
    # A connection that sends nothing must not hold up the others.
    timeout = 2

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/add":
            if "magnet" in request:
                params = lt.parse_magnet_uri(request["magnet"])
            else:
                params = lt.add_torrent_params()
                params.ti = lt.torrent_info(request["torrent"])
            params.save_path = request["folder"]
            if not discovery:
                params.flags |= lt.torrent_flags.disable_pex
            params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
            handle = session.add_torrent(params)
            # A torrent of version 2 goes by the first 20 bytes of its hash, a hybrid by either.
            hashes = handle.info_hashes()
            handles[str(hashes.v1)] = handles[str(hashes.v2)[:40]] = handle
        elif self.path == "/super-seed":
            handles[request["torrent"]].set_flags(lt.torrent_flags.super_seeding)
        else:
            handles[request["torrent"]].force_dht_announce()
        self.answer({})

    def do_GET(self):
        handle = handles[self.path.rsplit("/", 1)[1]]
        status = handle.status()
        peers = [
            "%s:%d %s down=%d up=%d" % (*peer.ip, peer.client, peer.total_download, peer.total_upload)
            for peer in handle.get_peer_info()
        ]
        self.answer({
            "state": str(status.state),
            "seeding": status.is_seeding,
            "progress": status.progress,
            "error": status.errc.message() if status.errc.value() else "",
            "peers": peers,
            "addresses": [peer.ip[0] for peer in handle.get_peer_info()],
        })

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def stop(*_):
    # Peers and trackers see a process that died; a clean farewell may take seconds.
    os._exit(0)


signal.signal(signal.SIGTERM, stop)
server = http.server.HTTPServer((address, 0), Api)
server.timeout = 0.1
print("api %d" % server.server_address[1], flush=True)
while True:
    server.handle_request()
    for alert in session.pop_alerts():
        print("%s: %s" % (alert.what(), alert.message()), flush=True)
