"""Servers that fail in the ways of the network, for tests of what libraries make of it."""

import contextlib
import http.server
import socket
import ssl
import struct
import threading
from contextlib import contextmanager


@contextmanager
def listening(serve):
    """Address `host:port` at which `serve(connection)` is called for each connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer(connection):
            with contextlib.suppress(OSError):  # the client has gone
                serve(connection)

        def run():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        threading.Thread(target=run, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def reset(connection):
    """Breaks the connection off instead of answering."""
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silent(connection):
    """Takes the request and says nothing until the client goes."""
    while connection.recv(65536):
        pass


@contextmanager
def refused():
    """Address at which nobody listens: bound, so that nobody else takes it meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def answering(status, body=b"", content_type="text/plain", context=None):
    """Address of a server that gives one answer to every request; with `context` by TLS."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = answer

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *arguments: None
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def self_signed(folder):
    """TLS of a server that nobody has reason to trust."""
    from datetime import datetime, timedelta, timezone

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    file = folder / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _message(kind, content):
    return kind + struct.pack("!I", len(content) + 4) + content


def _error(state, text):
    fields = {"S": "FATAL", "V": "FATAL", "C": state, "M": text}
    return _message(b"E", b"".join(key.encode() + value.encode() + b"\0" for key, value in fields.items()) + b"\0")


def refusing_database(state, text):
    """A PostgreSQL that refuses connections. https://www.postgresql.org/docs/current/protocol-flow.html"""

    def serve(connection):
        _greet(connection)
        connection.sendall(_error(state, text))
        connection.close()

    return serve


def failing_database(state, text):
    """A PostgreSQL whose every answer to a query is this error."""

    def serve(connection):
        _greet(connection)
        ready = _message(b"Z", b"I")
        encoding = _message(b"S", b"client_encoding\0UTF8\0")
        connection.sendall(_message(b"R", struct.pack("!I", 0)) + encoding + ready)
        while connection.recv(65536):
            connection.sendall(_error(state, text).replace(b"FATAL", b"ERROR") + ready)

    return serve


def _greet(connection):
    encryption = {80877103, 80877104}  # TLS and GSSAPI are asked for first, and neither is there
    while struct.unpack("!II", connection.recv(65536)[:8])[1] in encryption:
        connection.sendall(b"N")
