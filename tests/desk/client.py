# SPDX-License-Identifier: BSD-3-Clause
"""A desk that is started for a test, and somebody who uses it by its pages and its addresses."""
import atexit
import http.client
import json
import os
import re
import signal
import subprocess
import urllib.parse


class Desk:
    def __init__(self, folder, *options, limit=None, before=()):
        self.folder = folder
        prepare = None
        if limit:
            import resource
            prepare = lambda: resource.setrlimit(*limit)
        arguments = [*before, 'bin/desk', '--listen', '127.0.0.1:0']
        arguments += [] if '--demo' in options else ['--data', folder]
        self.process = subprocess.Popen(arguments + list(options), stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, preexec_fn=prepare)
        atexit.register(self.process.kill)
        line = self.process.stdout.readline().decode()
        found = re.fullmatch(r'http://127\.0\.0\.1:(\d+)/(?:\?key=([0-9a-f]{32}))?\n', line)
        if not found:
            raise SystemExit('no address: %r %r' % (line, self.process.stderr.read()))
        self.port, self.key = int(found.group(1)), found.group(2)
        self.token = None

    def connect(self, timeout=60):
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout)

    def raw(self, method, path, body=None, headers=None):
        """Status, body and headers; only what the caller says is sent."""
        connection = self.connect()
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        result = answer.status, answer.read(), answer.headers
        connection.close()
        return result

    def cookie(self):
        return {'Cookie': 'fenlei_key_%d=%s' % (self.port, self.key), 'Accept-Language': 'zh'}

    def get(self, path, status=200):
        got, body, _ = self.raw('GET', path, None, self.cookie())
        assert got == status, (path, got, body[:300])
        return body.decode()

    def find_token(self):
        if self.token is None:
            self.token = re.search(r'name=token value=(\w+)', self.get('/inbox')).group(1)
        return self.token

    def post(self, path, status=303, **fields):
        """Sends a form; the page it leads to, or its own."""
        body = urllib.parse.urlencode({'token': self.find_token(), **fields}).encode()
        headers = {**self.cookie(), 'Content-Type': 'application/x-www-form-urlencoded'}
        got, body, head = self.raw('POST', path, body, headers)
        assert got == status, (path, fields, got, body[:500])
        return self.get(head['Location']) if got == 303 else body.decode()

    def send_files(self, files, status=200, **fields):
        edge = 'edge-of-a-part'
        parts = [('name="%s"' % name, value.encode()) for name, value in
                 {'token': self.find_token(), **fields}.items()]
        parts += [('name="files"; filename="%s"' % name, value) for name, value in files]
        body = b''.join(b'--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n' % (
            edge.encode(), head.encode(), value) for head, value in parts)
        body += b'--%s--\r\n' % edge.encode()
        headers = {**self.cookie(), 'Content-Type': 'multipart/form-data; boundary=' + edge}
        got, body, _ = self.raw('POST', '/inbox', body, headers)
        assert got == status, (got, body[:500])
        return body.decode()

    def api(self, method, path, body=None, status=200, type='application/json'):
        headers = {'Authorization': 'Bearer ' + self.key, 'Content-Type': type}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        got, body, _ = self.raw(method, path, body, headers)
        assert got == status, (path, got, body[:500])
        return body.decode()

    def version(self, article):
        page = self.get('/articles/%d' % article)
        return int(re.search(r'name=version value=(\d+)', page).group(1))

    def change(self, article, what, status=303, version=None):
        return self.post('/articles/%d' % article, status, do=what,
                         version=self.version(article) if version is None else version)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        _, messages = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, (self.process.returncode, messages)
        assert messages == b'', messages


def ids(page):
    """The articles that a page lists."""
    return [int(found) for found in re.findall(r'class=title href="/articles/(\d+)', page)]


def chips(page):
    """The topics that an article's page shows as given."""
    return [name for on, name in re.findall(
        r'<button class="chip [^>]*aria-pressed=(true|false)[^>]*>(?:<kbd>.</kbd> )?<bdi>([^<]*)',
        page) if on == 'true']


def seeds():
    return [(name, open('seeds/' + name, 'rb').read()) for name in sorted(os.listdir('seeds'))]
