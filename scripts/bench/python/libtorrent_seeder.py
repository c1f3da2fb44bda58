"""A seeder that is never the bottleneck: libtorrent_seeder.py PAYLOAD TORRENT ANNOUNCE PIECE_LENGTH.

Makes the torrent, seeds it on loopback and prints `port PORT`. A line on standard input asks for
the transfer since the last: it answers with {"bytes", "seconds"} of payload sent, from the first
byte to the last, as it saw them (looked at every 2 ms).
"""
import json, os, sys, threading, time
import libtorrent as lt

payload, torrent, announce, piece_length = sys.argv[1:]
files = lt.file_storage()
lt.add_files(files, payload)
maker = lt.create_torrent(files, int(piece_length), lt.create_torrent.v1_only)
maker.add_tracker(announce)
lt.set_piece_hashes(maker, os.path.dirname(payload))
with open(torrent, "wb") as f:
    f.write(lt.bencode(maker.generate()))

session = lt.session({
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "enable_incoming_utp": False, "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "ssrf_mitigation": False,
    # Plain TCP: encryption would measure something else.
    "in_enc_policy": 2, "out_enc_policy": 2,
    # Much in flight, so that it is always the downloader who decides.
    "send_buffer_watermark": 8 << 20,
    "send_buffer_watermark_factor": 200,
    "send_buffer_low_watermark": 1 << 20,
    "max_allowed_in_request_queue": 5000,
    "unchoke_slots_limit": 100,
    "alert_mask": 0,
})
params = lt.add_torrent_params()
params.ti = lt.torrent_info(torrent)
params.save_path = os.path.dirname(payload)
# Its tracker would tell it of downloaders, and it would connect to them: they come by themselves.
params.trackers = []
params.flags |= lt.torrent_flags.seed_mode | lt.torrent_flags.override_trackers
params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
handle = session.add_torrent(params)
while not handle.status().is_seeding or session.listen_port() == 0:
    time.sleep(0.01)

lock = threading.Lock()
state = {"base": 0, "sent": 0, "first": None, "last": None}


def watch():
    while True:
        sent = handle.status(0).total_payload_upload
        now = time.monotonic()
        with lock:
            if sent > state["sent"]:
                state["first"] = state["first"] or now
                state.update(sent=sent, last=now)
        time.sleep(0.002)


threading.Thread(target=watch, daemon=True).start()
print("port %d" % session.listen_port(), flush=True)
for _ in sys.stdin:
    with lock:
        seconds = state["last"] - state["first"] if state["first"] else 0
        answer = {"bytes": state["sent"] - state["base"], "seconds": seconds}
        state.update(base=state["sent"], first=None, last=None)
    print(json.dumps(answer), flush=True)
os._exit(0)
