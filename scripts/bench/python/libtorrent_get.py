"""libtorrent as a downloader, with fast settings: libtorrent_get.py TORRENT FOLDER [COUNT [tcp|utp|rc4]].

It ends the moment everything is in the files, without a farewell to the tracker: whatever can be
said for libtorrent's speed is said here. Its defaults are kept except where a comment says otherwise.
Its memory counts the mapped file: it writes through a mapping (libtorrent 2).

With COUNT, so many sessions in this process download into FOLDER/0, FOLDER/1…; they take no
connections, so that each is served by who the tracker names, and it ends when all are complete.
"""
import os, sys
import libtorrent as lt

torrent, folder = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
utp, rc4 = sys.argv[4:] == ["utp"], sys.argv[4:] == ["rc4"]


def download(folder, alone):
    session = lt.session({
        "listen_interfaces": "127.0.0.1:0",
        "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "enable_incoming_utp": utp, "enable_outgoing_utp": utp,
        "enable_incoming_tcp": alone and not utp, "enable_outgoing_tcp": not utp,
        "allow_multiple_connections_per_ip": True,
        "ssrf_mitigation": False,
        # Not encrypted, unless that is what is measured: then RC4 and nothing else.
        "in_enc_policy": 0 if rc4 else 2, "out_enc_policy": 0 if rc4 else 2, "allowed_enc_level": 2 if rc4 else 3,
        # By default 500 requests in flight.
        "max_out_request_queue": 5000,
        # Nothing to wait for the disk for.
        "max_queued_disk_bytes": 64 << 20,
        "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.storage_notification,
    })
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(torrent)
    params.save_path = folder
    params.flags |= lt.torrent_flags.disable_pex
    params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    session.add_torrent(params)
    return session


def wait(session):
    while True:
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            if isinstance(alert, lt.torrent_finished_alert):
                # Verified, but with many files some blocks still wait to be written.
                alert.handle.flush_cache()
            elif isinstance(alert, lt.cache_flushed_alert):
                return


folders = [folder] if count == 0 else [os.path.join(folder, str(i)) for i in range(count)]
for session in [download(each, count == 0) for each in folders]:
    wait(session)
os._exit(0)
