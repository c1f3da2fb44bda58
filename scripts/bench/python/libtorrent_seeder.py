"""Seeders that are never the bottleneck: libtorrent_seeder.py FOLDER COUNT tcp|utp|rc4 TORRENT….

COUNT sessions seed the payload in FOLDER on loopback, all of the torrents each; it prints
`ports PORT…`. After a line `watch` on standard input it looks every 2 ms at what they have sent
together; `transfer` ends that and is answered with {"bytes", "seconds"}, from the first byte to the
last.
"""
import json, os, sys, threading, time
import libtorrent as lt

folder, count, transport, torrents = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
utp, rc4 = transport == "utp", transport == "rc4"


def seed():
    session = lt.session({
        "listen_interfaces": "127.0.0.1:0",
        "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "enable_incoming_utp": utp, "enable_outgoing_utp": utp,
        "enable_incoming_tcp": not utp, "enable_outgoing_tcp": not utp,
        "allow_multiple_connections_per_ip": True,
        # Not encrypted, unless that is what is measured: then RC4 and nothing else.
        "in_enc_policy": 0 if rc4 else 2, "out_enc_policy": 0 if rc4 else 2, "allowed_enc_level": 2 if rc4 else 3,
        # Much in flight, so that it is always the downloader who decides.
        "send_buffer_watermark": 8 << 20,
        "send_buffer_watermark_factor": 200,
        "send_buffer_low_watermark": 1 << 20,
        "max_allowed_in_request_queue": 5000,
        "unchoke_slots_limit": 100,
        # By default 40 files are kept open.
        "file_pool_size": 12000,
        "alert_mask": 0,
    })
    handles = [add(session, torrent) for torrent in torrents]
    while not all(handle.status().is_seeding for handle in handles) or session.listen_port() == 0:
        time.sleep(0.01)
    return session, handles


def add(session, torrent):
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(torrent)
    params.save_path = folder
    # A tracker would tell it of downloaders, and it would connect to them: they come by themselves.
    params.trackers = []
    flags = lt.torrent_flags
    params.flags |= flags.seed_mode | flags.override_trackers | flags.disable_pex
    params.flags &= ~(flags.auto_managed | flags.paused)
    return session.add_torrent(params)


seeders = [seed() for _ in range(count)]
all_handles = [handle for _, handles in seeders for handle in handles]
sent = lambda: sum(handle.status(0).total_payload_upload for handle in all_handles)


class Watch(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.base = self.bytes = sent()
        self.first = self.last = None
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(0.002):
            self.look()

    def look(self):
        bytes, now = sent(), time.monotonic()
        if bytes > self.bytes:
            self.first = self.first or now
            self.bytes, self.last = bytes, now

    def result(self):
        self.ended.set()
        self.join()
        self.look()
        seconds = self.last - self.first if self.first else 0
        return {"bytes": self.bytes - self.base, "seconds": seconds}


print("ports", *(session.listen_port() for session, _ in seeders), flush=True)
watch = None
for line in sys.stdin:
    if line == "watch\n":
        watch = Watch()
        watch.start()
        print("watching", flush=True)
    elif line == "transfer\n":
        print(json.dumps(watch.result()), flush=True)
os._exit(0)
