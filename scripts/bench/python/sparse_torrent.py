"""A torrent of a file that is mostly a hole: sparse_torrent.py FILE TORRENT ANNOUNCE PIECE_LENGTH EVERY.

The file has data in every EVERYth piece, from the first on, and zeros in the others, which are not
read: their hash is always the same. All pieces are of the same length.
"""
import hashlib, os, sys
import libtorrent as lt

path, torrent, announce = sys.argv[1:4]
piece_length, every = int(sys.argv[4]), int(sys.argv[5])
size = os.path.getsize(path)
files = lt.file_storage()
files.add_file(os.path.basename(path), size)
maker = lt.create_torrent(files, piece_length, lt.create_torrent.v1_only)
maker.add_tracker(announce)
zeros = hashlib.sha1(bytes(piece_length)).digest()
with open(path, "rb") as f:
    for piece in range(size // piece_length):
        if piece % every == 0:
            f.seek(piece * piece_length)
            maker.set_hash(piece, hashlib.sha1(f.read(piece_length)).digest())
        else:
            maker.set_hash(piece, zeros)
with open(torrent, "wb") as f:
    f.write(lt.bencode(maker.generate()))
