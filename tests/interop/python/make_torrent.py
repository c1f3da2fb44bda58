"""Makes a v1 torrent with libtorrent: make_torrent.py SOURCE OUTPUT ANNOUNCE PIECE_LENGTH."""
import os, sys
import libtorrent as lt

source, output, announce, piece_length = sys.argv[1:]
files = lt.file_storage()
lt.add_files(files, source)
maker = lt.create_torrent(files, int(piece_length), lt.create_torrent.v1_only)
maker.add_tracker(announce)
lt.set_piece_hashes(maker, os.path.dirname(source))
with open(output, "wb") as f:
    f.write(lt.bencode(maker.generate()))
