"""What SHA-1 can do on all cores: sha1_rate.py BYTES prints {"seconds"}.

A process for each core hashes pieces of 1 MiB in its memory with OpenSSL, by way of hashlib.
"""
import hashlib, json, multiprocessing, os, sys, time

PIECE = 1 << 20


def work(pieces):
    piece = os.urandom(PIECE)
    for _ in range(pieces):
        hashlib.sha1(piece).digest()


if __name__ == "__main__":
    cores, pieces = os.cpu_count(), int(sys.argv[1]) // PIECE
    with multiprocessing.Pool(cores) as pool:
        # All of them run before the clock does.
        pool.map(work, [1] * cores, chunksize=1)
        start = time.monotonic()
        pool.map(work, [pieces // cores] * cores, chunksize=1)
        print(json.dumps({"seconds": time.monotonic() - start}))
