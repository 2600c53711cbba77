# SPDX-License-Identifier: BSD-3-Clause
"""Those who must not come in, and those who are slow or endless: usage: strangers.py FOLDER"""
import json
import os
import resource
import socket
import sys
import time
from client import Desk, ids, seeds

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
desk = Desk(sys.argv[1])
desk.send_files(seeds()[:1])
own = desk.cookie()
form = {**own, 'Content-Type': 'application/x-www-form-urlencoded'}
here = '127.0.0.1:%d' % desk.port

# ---- it listens on loopback alone, and nobody else reads its folder ----
with open('/proc/net/tcp') as table:
    listening = [line.split()[1] for line in table if line.split()[3] == '0A']
assert '0100007F:%04X' % desk.port in listening and '00000000:%04X' % desk.port not in listening
assert os.stat(sys.argv[1] + '/store.db').st_mode & 0o077 == 0

# ---- the key opens once and leaves the address; without it nothing is shown ----
status, _, head = desk.raw('GET', '/?key=' + desk.key)
assert status == 303 and head['Location'] == '/inbox' and desk.key not in head['Location']
cookie = head['Set-Cookie']
assert 'HttpOnly' in cookie and 'SameSite=Strict' in cookie
for path in ('/', '/inbox', '/articles', '/articles/1', '/export?format=jsonl', '/models', '/desk.js',
             '/?key=' + '0' * 32, '/?key=', '/articles?key=x'):
    status, body, _ = desk.raw('GET', path)
    assert status == 403 and '扫黑'.encode() not in body and b'token' not in body, (path, status)
for path in ('/api/v1/articles', '/api/v1/openapi.json', '/metrics', '/api/v1/label-studio/health'):
    assert desk.raw('GET', path)[0] == 401, path
for wrong in ('Bearer ' + '0' * 32, 'Basic ' + 'A' * 400, 'Bearer', 'Token \xff'):
    assert desk.raw('GET', '/metrics', None, {'Authorization': wrong.encode('latin-1')})[0] == 401
assert desk.raw('GET', '/inbox', None, {'Cookie': 'fenlei_key_%d=%s' % (desk.port, '0' * 32)})[0] == 403

# ---- requests that other pages send ----
for host in ('evil.example', 'evil.example:%d' % desk.port, '127.0.0.1', '127.0.0.1:1', ''):
    assert desk.raw('GET', '/inbox', None, {**own, 'Host': host})[0] in (400, 403), host
assert desk.raw('GET', '/inbox', None, {**own, 'Host': 'localhost:%d' % desk.port})[0] == 200
body = ('token=%s&version=1&do=give+3' % desk.find_token()).encode()
for origin in ('http://evil.example', 'null', 'http://127.0.0.1:1', 'https://' + here + '.evil.example', 'x'):
    assert desk.raw('POST', '/articles/1', body, {**form, 'Origin': origin})[0] == 403, origin
assert desk.raw('POST', '/articles/1', body, {**form, 'Sec-Fetch-Site': 'cross-site'})[0] == 403
for bad in (b'version=1&do=give+3', b'token=&version=1&do=give+3',
            b'token=%s&version=1&do=give+3' % desk.key.encode()):
    assert desk.raw('POST', '/articles/1', bad, form)[0] == 403
assert desk.raw('POST', '/api/v1/retrain', b'', own)[0] == 401, 'a cookie is enough to POST'
assert desk.version(1) == 1, 'a stranger changed something'
assert desk.raw('POST', '/articles/1', body, {**form, 'Origin': 'http://' + here})[0] == 303

# ---- tricks with paths and methods ----
for path in ('/../../etc/passwd', '/articles/../inbox', '/%2e%2e/%2e%2e/etc/passwd', '//etc/passwd',
             '/articles/1/', '/articles/-1', '/articles/99999999999999999999', '/articles/1%00',
             '/inbox%0d%0aX:%20y', '/articles/%EF%BC%91', '/store.db', '/models/1.model'):
    status, body, head = desk.raw('GET', path, None, own)
    assert status in (400, 404) or (status == 200 and path == '/articles/1%00'), (path, status)
    assert b'root:' not in body and 'X' not in head
for method in ('PUT', 'DELETE', 'TRACE', 'OPTIONS', 'CONNECT', 'PATCH'):
    assert desk.raw(method, '/inbox', None, own)[0] in (400, 405, 501), method
status, _, head = desk.raw('GET', '/inbox', None, own)
assert "default-src 'none'" in head['Content-Security-Policy'] and 'unsafe' not in head['Content-Security-Policy']
assert head['X-Content-Type-Options'] == 'nosniff' and head['X-Frame-Options'] == 'DENY'
assert desk.raw('POST', '/language', b'language=en&token=' + desk.token.encode(), {
    **form, 'Referer': 'http://x//evil.example/'})[2]['Location'] == '/inbox'


def speak(text):
    s = socket.create_connection(('127.0.0.1', desk.port), timeout=30)
    s.sendall(text)
    return s


def is_served():
    before = time.monotonic()
    assert desk.get('/articles/1')
    return time.monotonic() - before


# ---- bodies that are too long are refused before they come, and strangers' never taken ----
head = 'POST /inbox HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: text/plain\r\n' % (here, own['Cookie'])
s = speak((head + 'Content-Length: 2147483648\r\n\r\n').encode())
assert b' 413 ' in s.recv(100)
s = speak(('POST /inbox HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000000000\r\n\r\n' % here).encode())
assert b' 403 ' in s.recv(100)
for n in (2001, 100000):
    many = '&'.join('a=b' for _ in range(n)).encode()
    assert desk.raw('POST', '/articles/1', many, form)[0] in (400, 403)
assert desk.raw('GET', '/articles?' + 'q=' + 'x' * 200000, None, own)[0] in (400, 414, 431)

# A body that does not end.
s = speak((head + 'Transfer-Encoding: chunked\r\n\r\n').encode())
sent, piece = 0, b'10000\r\n' + b'x' * 65536 + b'\r\n'
try:
    while sent < 200 << 20:
        s.sendall(piece)
        sent += 65536
except OSError:
    pass
assert sent < 100 << 20, 'an endless body is taken'
is_served()

# ---- forms that are none ----
edge = {**own, 'Content-Type': 'multipart/form-data; boundary=e'}
for bad in (b'', b'--e', b'--e\r\n', b'--e--', b'--e\r\n\r\n--e--', b'--e\r\nContent-Disposition: form-data\r\n\r\nx\r\n--e--',
            b'--e\r\nContent-Disposition: form-data; name="token\r\n\r\nx\r\n--e--', b'\0' * 1000):
    assert desk.raw('POST', '/inbox', bad, edge)[0] == 403, bad
for type in ('multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary="'):
    assert desk.raw('POST', '/inbox', b'--x', {**own, 'Content-Type': type})[0] == 403

# ---- many connections: half of them silent, half with the half of a head ----
most = min(10000, hard - 200)
crowd = []
for i in range(most):
    try:
        crowd.append(speak(b'' if i % 2 else b'GET / HTTP/1.1\r\nHost: '))
    except OSError:
        break
assert len(crowd) == most, 'only %d connections' % len(crowd)
took = max(is_served() for _ in range(20))
assert desk.process.poll() is None
print('%d connections: the slowest answer took %.0f ms' % (most, took * 1000))
for s in crowd:
    s.close()
is_served()
desk.end()
