"""How the server speaks HTTP with callers other than ours."""

import socket


def test_a_caller_that_asks_before_it_sends_its_body_is_told_once(server):
    body = b'{"user": "U99999999", "password": "secret"}'
    head = (
        "POST /octopus-rest-api/v1/authentication HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "softwareHouseUuid: 00000000-1111-2222-3333-444444444444\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    host, port = server.root.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode())
        # without an answer now this times out: the body is sent only afterwards
        interim = connection.recv(65536)
        assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"100 Continue" not in answer
