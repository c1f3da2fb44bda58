"""Files of a folder over HTTP, with ranges: web_server.py ADDRESS FOLDER. Prints `port PORT`, then a line a request."""
import http.server, os, re, sys, urllib.parse

address, folder = sys.argv[1:]


class Files(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, with_body):
        # Tests alone call it: the path is what they made.
        path = folder + urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        if not os.path.isfile(path):
            return self.send_error(404)
        size = os.path.getsize(path)
        first, last, status = 0, size - 1, 200
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted:
            first, status = int(wanted[1]), 206
            last = min(int(wanted[2] or last), last)
        self.send_response(status)
        if wanted:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (first, last, size))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        if with_body:
            self.wfile.flush()
            with open(path, "rb") as f:
                self.connection.sendfile(f, first, last - first + 1)

    def log_message(self, form, *args):
        print(form % args, self.headers.get("Range", ""), flush=True)


server = http.server.ThreadingHTTPServer((address, 0), Files)
server.daemon_threads = True
print("port %d" % server.server_address[1], flush=True)
server.serve_forever()
