"""libtorrent checks a payload against a torrent: libtorrent_check.py TORRENT FOLDER.

It ends the moment the check is over, with 0 when everything is there. Its defaults are kept: more
threads that hash (by default one) and more read ahead took as long, and twice the CPU time.
"""
import os, sys
import libtorrent as lt

torrent, folder = sys.argv[1:]
session = lt.session({
    "listen_interfaces": "",
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "alert_mask": lt.alert.category_t.status_notification,
})
params = lt.add_torrent_params()
params.ti = lt.torrent_info(torrent)
params.save_path = folder
params.trackers = []
params.flags |= lt.torrent_flags.override_trackers
params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
handle = session.add_torrent(params)
while True:
    session.wait_for_alert(1000)
    for alert in session.pop_alerts():
        if isinstance(alert, lt.torrent_checked_alert):
            os._exit(0 if handle.status().is_seeding else 1)
