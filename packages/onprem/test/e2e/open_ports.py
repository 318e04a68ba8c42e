"""Finds every open TCP port of some addresses, and asks them questions without keys: nothing but Python's own library.

Reads a JSON document on stdin, `{"pods": [{"pod", "address", "questions": {port: [question]}}]}`, and prints one line for each port
that is open, `{"pod", "port", "answers": [answer]}`, with an answer for each question of that port.
"""

import http.client
import json
import select
import socket
import ssl
import sys

# Below the usual limit of open files. What a policy drops answers nothing: a second for so many ports at once.
AT_ONCE = 500
SECONDS = 1.0


def open_ports(address):
    for first in range(1, 65536, AT_ONCE):
        yield from reached(address, range(first, min(first + AT_ONCE, 65536)))


def reached(address, ports):
    waiting, poll = {}, select.poll()
    for port in ports:
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex((address, port))
        waiting[one.fileno()] = (one, port)
        poll.register(one, select.POLLOUT)
    while waiting and (ready := poll.poll(SECONDS * 1000)):
        for number, _ in ready:
            one, port = waiting.pop(number)
            poll.unregister(number)
            # On this very machine a port may be the one that the attempt itself goes out from, which then meets itself.
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0 and one.getsockname() != one.getpeername():
                yield port
            one.close()
    for one, _ in waiting.values():
        one.close()


def ask(address, port, question):
    try:
        return ask_raw(address, port, question) if "send" in question else ask_http(address, port, question)
    except (OSError, http.client.HTTPException) as error:
        return {"error": type(error).__name__}


def ask_http(address, port, question):
    connection = http.client.HTTPConnection(address, port, timeout=10)
    try:
        connection.request(question["method"], question["path"], question.get("body"), question.get("headers", {}))
        answer = connection.getresponse()
        return {"status": answer.status, "body": answer.read(1_000_000).decode(errors="replace")}
    finally:
        connection.close()


def ask_raw(address, port, question):
    """Sends bytes, with or without TLS; what a server says before it closes, or within five seconds, is its answer."""
    with socket.create_connection((address, port), timeout=5) as plain:
        channel = anybody().wrap_socket(plain) if question.get("tls") else plain
        channel.sendall(bytes.fromhex(question["send"]))
        try:
            return {"received": channel.recv(4096).hex()}
        except (TimeoutError, ConnectionError):
            return {"received": ""}


def anybody():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


for target in json.load(sys.stdin)["pods"]:
    for port in open_ports(target["address"]):
        questions = target["questions"].get(str(port), [])
        answers = [ask(target["address"], port, question) for question in questions]
        print(json.dumps({"pod": target["pod"], "port": port, "answers": answers}), flush=True)
