"""A web application that tries what a page and a server can; what it got it tells at /got, what it was sent at /seen."""
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME, PORT = sys.argv[1], int(sys.argv[2])
seen, got = [], {}

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self, body, kind="text/html", status=200, headers=()):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers: self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
    def do_GET(self):
        path = self.path.split("?")[0]
        if path not in ("/seen", "/got", "/page.html", "/alive"): seen.append([self.command, self.path, dict(self.headers)])
        if path == "/seen": return self.answer(json.dumps(seen), "application/json")
        if path == "/got": return self.answer(json.dumps(got), "application/json")
        if path == "/page.html": return self.answer(open("page.html").read())
        if path == "/sw.js": return self.answer("self.addEventListener('fetch', e => e.respondWith(new Response('worker')))", "text/javascript")
        self.answer(f"<title>{NAME}</title><p>{NAME} at {self.path}", headers=[
            ("Set-Cookie", f"own={NAME}; HttpOnly"),
            ("Set-Cookie", "tossed=1; Domain=localhost"),
            ("Set-Cookie", "__Host-guise-session=tossed; Secure; Path=/"),
            ("X-Frame-Options", "DENY"),
            ("Clear-Site-Data", '"*"'),
        ])
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/got": got.update(json.loads(body))
        else: seen.append([self.command, self.path, dict(self.headers)])
        self.answer("")
    def log_message(self, *_): pass

ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
