"""libtorrent as a daemon: libtorrent_peer.py ADDRESS [pex] [lsd] [slow]. Prints `peers PORT`, `api PORT`, then its own log.

POST /add {"torrent": PATH or "magnet": LINK, "folder": PATH}: what is there is hashed, the rest downloaded.
GET /torrents/INFO_HASH: {"state", "seeding", "progress", "error", "peers"}.
One thread does it all: the bindings have crashed when several called them at once.
"""
import http.server, json, os, signal, sys
import libtorrent as lt

address = sys.argv[1]
session = lt.session({
    "listen_interfaces": address + ":0",
    "enable_dht": False, "enable_lsd": "lsd" in sys.argv, "enable_upnp": False, "enable_natpmp": False,
    # Trackers on loopback are refused otherwise.
    "ssrf_mitigation": False,
    "allow_multiple_connections_per_ip": True,
    # Not uTP first, which only times out here.
    "enable_incoming_utp": False, "enable_outgoing_utp": False,
    "alert_mask": lt.alert.category_t.error_notification
    | lt.alert.category_t.tracker_notification
    | lt.alert.category_t.status_notification
    | lt.alert.category_t.connect_notification,
})
handles = {}


class Api(http.server.BaseHTTPRequestHandler):
    # A connection that sends nothing must not hold up the others.
    timeout = 2

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "magnet" in request:
            params = lt.parse_magnet_uri(request["magnet"])
            info_hashes = params.info_hashes
        else:
            params = lt.add_torrent_params()
            params.ti = lt.torrent_info(request["torrent"])
            info_hashes = params.ti.info_hashes()
        params.save_path = request["folder"]
        if "slow" in sys.argv:
            # The session's limit leaves out peers on local addresses.
            params.download_limit = 20 * 1024
        if "pex" not in sys.argv:
            params.flags |= lt.torrent_flags.disable_pex
        params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
        handles[str(info_hashes.v1)] = session.add_torrent(params)
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
print("peers %d" % session.listen_port(), flush=True)
print("api %d" % server.server_address[1], flush=True)
while True:
    server.handle_request()
    for alert in session.pop_alerts():
        print("%s: %s" % (alert.what(), alert.message()), flush=True)
