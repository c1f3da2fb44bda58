"""Runs a command and writes what it cost: measure.py RESULT.json SECONDS -- COMMAND…

Wall time is from just before the start to the end; CPU seconds and peak memory are the kernel's
account of that process (wait4). After SECONDS, or on SIGTERM or SIGINT, the process is killed.
"""
import json, os, signal, sys, time

result, seconds = sys.argv[1], int(sys.argv[2])
command = sys.argv[4:]
start = time.monotonic()
pid = os.posix_spawnp(command[0], command, os.environ)
kill = lambda *_: os.kill(pid, signal.SIGKILL)
for each in signal.SIGTERM, signal.SIGINT, signal.SIGALRM:
    signal.signal(each, kill)
signal.alarm(seconds)
_, status, usage = os.wait4(pid, 0)
wall = time.monotonic() - start
signal.alarm(0)
with open(result, "w") as f:
    json.dump({
        "exitCode": os.waitstatus_to_exitcode(status),
        "wallSeconds": wall,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        # Linux counts in KiB.
        "peakBytes": usage.ru_maxrss * 1024,
    }, f)
