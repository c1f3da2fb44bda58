"""One TCP connection of the system: tcp_flow.py sink ADDRESS, or source ADDRESS PORT CONGESTION_CONTROL.

The sink prints `port PORT`, then ten times a second how many bytes came; the source sends all it can.
"""
import socket, sys, time

role, address = sys.argv[1:3]
if role == "source":
    with socket.socket() as way:
        way.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, sys.argv[4].encode())
        way.connect((address, int(sys.argv[3])))
        while True:
            way.sendall(bytes(65536))
with socket.create_server((address, 0)) as server:
    print("port %d" % server.getsockname()[1], flush=True)
    way, _ = server.accept()
heard, told = 0, 0.0
while data := way.recv(1 << 18):
    heard += len(data)
    if time.monotonic() - told >= 0.1:
        told = time.monotonic()
        print(heard, flush=True)
time.sleep(3600)
