"""A report as `monitor` writes it, and an HTTP server that answers what a test tells it to."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REPORT = {
    "model": "churn",
    "stack": "shop",
    "environment": "dev",
    "version": "7",
    "run": "m1",
    "at": "2026-05-06T12:30:00.250000+00:00",
    "kpis": [
        {"id": "drifted_feature_share", "value": 0.25, "judged": 0.125, "n": 600, "unit": "ratio", "status": "ok"},
        {"id": "latency_p95", "value": 412.5, "judged": 412.5, "n": 90, "unit": "ms", "status": "warn"},
        {"id": "data_freshness", "value": 0.0, "judged": 0.0, "n": 1, "unit": "s", "status": "ok"},
        {"id": "model_quality", "value": None, "judged": None, "n": 0, "unit": "score", "status": "no-data"},
        {"id": "prediction_drift", "value": None, "judged": None, "n": 0, "unit": "JSD", "status": "no-data"},
    ],
    "features": {"tenure": {"psi": 0.31, "judged": 0.0}, "plan": {"psi": None, "judged": None}},
}
WITH_VALUE = {"drifted_feature_share": 0.25, "latency_p95": 412.5, "data_freshness": 0.0}
# Of the KPIs that chance may explain alone.
JUDGED = {"drifted_feature_share": 0.125}
SAMPLES = {"drifted_feature_share": 600, "latency_p95": 90, "data_freshness": 1, "model_quality": 0, "prediction_drift": 0}


@contextmanager
def receiver(*statuses):
    """Address of a server, and the requests (path, headers, body) it got. Each status answers one request, the last one all others."""
    requests, waiting = [], list(statuses) or [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            requests.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
            status = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            self.send_response(status)
            self.send_header("content-length", "4")
            self.end_headers()
            self.wfile.write(b"text")

        do_PUT = do_POST

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()
