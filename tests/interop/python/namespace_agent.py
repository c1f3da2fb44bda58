"""Inside a network namespace, for tests outside: namespace_agent.py SOCKET, a Unix socket, which namespaces share.

A line of JSON each connection, and one back: {"port": ADDRESS} is a free TCP port there, {"url", "method", "headers",
"body", "seconds"} one HTTP call.
"""
import base64, http.client, json, socket, socketserver, sys, urllib.parse


def free_port(address):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as s:
        s.bind((address, 0))
        return s.getsockname()[1]


def call(request):
    url = urllib.parse.urlsplit(request["url"])
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=request["seconds"])
    try:
        target = url.path + ("?" + url.query if url.query else "")
        connection.request(request["method"], target, base64.b64decode(request["body"]), request["headers"])
        answer = connection.getresponse()
        return {
            "status": answer.status,
            "headers": [[name.lower(), value] for name, value in answer.getheaders()],
            "body": base64.b64encode(answer.read()).decode(),
        }
    finally:
        connection.close()


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline()
        if not line:  # only looked whether we are here
            return
        request = json.loads(line)
        try:
            answer = free_port(request["port"]) if "port" in request else call(request)
        except (OSError, ValueError, http.client.HTTPException) as error:
            answer = {"error": str(error)}
        self.wfile.write(json.dumps(answer).encode())


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


Server(sys.argv[1], Handler).serve_forever()
