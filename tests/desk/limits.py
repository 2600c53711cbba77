# SPDX-License-Identifier: BSD-3-Clause
"""A store that is in use, full, or of another version; a password; the demo: usage: limits.py FOLDER"""
import glob
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from client import Desk, ids, seeds

folder = sys.argv[1]


def bearer(desk):
    return {'Authorization': 'Bearer ' + desk.key}


desk = Desk(folder)
desk.send_files(seeds()[:1])
second = subprocess.run(['bin/desk', '--data', folder, '--listen', '127.0.0.1:0'], capture_output=True)
assert second.returncode == 1 and b'another desk is at work' in second.stderr, second
taken = subprocess.run(['bin/desk', '--data', folder + '-2', '--listen', '127.0.0.1:%d' % desk.port],
                       capture_output=True)
assert taken.returncode == 1 and b'cannot listen' in taken.stderr, taken
desk.end()

# The first model's file cannot be kept: the desk does not start, and starts when there is room again.
full = subprocess.run(['bin/desk', '--data', folder + '-4', '--listen', '127.0.0.1:0'], capture_output=True,
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
assert full.returncode == 3 and b'write' in full.stderr, full
desk = Desk(folder + '-4')
desk.end()

# No file may grow: what cannot be saved is told, and nothing is half done.
size = max(os.stat(name).st_size for name in glob.glob(folder + '/store.db*'))
desk = Desk(folder, limit=(resource.RLIMIT_FSIZE, (size + 65536, size + 65536)))
before = ids(desk.get('/articles'))
big = [('big.jsonl', b''.join(b'{"text":"%d %s"}\n' % (i, b'abc def ' * 3000) for i in range(100)))]
page = desk.send_files(big, 507)
assert '没有收下' in page and ids(desk.get('/articles')) == before
desk.api('POST', '/api/v1/articles?file=big', big[0][1], 507, 'application/x-ndjson')
status, version, done = 200, 1, None
while status == 200:  # corrections, until there is no room for one more
    last, labels = done, ['anti-gang'] * (version % 2)
    status, done, _ = desk.raw('POST', '/api/v1/articles/1/labels', json.dumps(
        {'labels': labels, 'version': version, 'who': 'x' * 1000}).encode(), bearer(desk))
    version += status == 200
assert status == 507 and version > 2 and b'nothing was saved' in done, (status, version, done)
assert desk.api('GET', '/api/v1/articles/1') == last.decode()
assert '没有办成' in desk.post('/articles/1', 507, do='give 3', version=version)
form = {**desk.cookie(), 'Content-Type': 'application/x-www-form-urlencoded'}
status, n = 303, 0
while status == 303:  # topics too
    status, page, _ = desk.raw('POST', '/topics', ('token=%s&do=add&name=topic+%d' % (
        desk.find_token(), n)).encode(), form)
    n += status == 303
assert status == 507 and b'nothing was saved' in page and 'topic %d<' % n not in desk.get('/topics')
desk.end()
desk = Desk(folder)
assert ids(desk.get('/articles')) == before and desk.api('GET', '/api/v1/articles/1') == last.decode()
assert '没有收下' not in desk.send_files(big)
desk.end()

# A retraining that finds no room ends with the reason, and leaves the model as it was.
desk = Desk(folder)
records = b''.join(json.dumps({'text': '第%d篇,县里开了法治宣传会。' % i, 'labels': ['legal-publicity']}).encode()
                   + b'\n' for i in range(60))
desk.api('POST', '/api/v1/articles?file=held', records, 201, 'application/x-ndjson')
models = desk.api('GET', '/api/v1/models')
desk.end()
size = max(os.stat(name).st_size for name in glob.glob(folder + '/store.db*'))
desk = Desk(folder, limit=(resource.RLIMIT_FSIZE, (size, size)))
resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (1 << 20, size))
desk.api('POST', '/api/v1/retrain', b'', 202)
report = {'state': 'running'}
while report['state'] == 'running':
    report = json.loads(desk.api('GET', '/api/v1/retrain'))
assert report['state'] == 'failed' and report['message'], report
assert desk.api('GET', '/api/v1/models') == models and desk.get('/articles')
desk.end()

# A folder that nobody may write to: the desk says so and does not start. A store: everything is shown,
# and nothing is changed. (Root may write everywhere, unless the capability is taken away.)
bound = ['setpriv', '--bounding-set', '-dac_override', '--inh-caps', '-all'] if os.getuid() == 0 else []
kept = {name: open(name, 'rb').read() for name in glob.glob(folder + '/store.db*')}
os.chmod(folder, 0o500)
refused = subprocess.run(bound + ['bin/desk', '--data', folder, '--listen', '127.0.0.1:0'], capture_output=True)
assert refused.returncode == 1 and folder.encode() in refused.stderr and b'cannot be written' in refused.stderr, refused
os.chmod(folder, 0o700)
os.chmod(folder + '/store.db', 0o400)
desk = Desk(folder, before=bound)
shown = desk.get('/articles/1')
for answer in (desk.send_files([('new.txt', '县里开了会。'.encode())], 507),
               desk.post('/articles/1', 507, do='give 4', version=desk.version(1)),
               desk.post('/topics', 507, do='add', name='乡村'),
               desk.api('POST', '/api/v1/articles', '县里开了会。'.encode(), 507, 'text/plain')):
    assert 'the store cannot be written: nothing was saved' in answer, answer
assert desk.get('/articles/1') == shown
desk.end()
os.chmod(folder + '/store.db', 0o600)
assert kept[folder + '/store.db'] == open(folder + '/store.db', 'rb').read()
desk = Desk(folder)
desk.change(1, 'give 4')
desk.end()

# A store of a newer desk is refused by name, and left alone.
base = sqlite3.connect(folder + '/store.db')
assert base.execute('PRAGMA integrity_check').fetchone() == ('ok',)
base.execute('PRAGMA user_version = 7')
base.commit()
base.close()
newer = subprocess.run(['bin/desk', '--data', folder], capture_output=True)
assert newer.returncode == 1 and b'version 7' in newer.stderr, newer

# A password: no key in the address; whoever does not know it stays outside.
with tempfile.NamedTemporaryFile('w') as secret:
    secret.write('开门\n')
    secret.flush()
    desk = Desk(folder + '-3', '--password-file', secret.name)
    assert desk.key is None
    status, page, _ = desk.raw('GET', '/inbox')
    assert status == 403 and b'type=password' in page
    form = {'Content-Type': 'application/x-www-form-urlencoded'}
    assert desk.raw('POST', '/open', b'password=x', form)[0] == 403
    guesses = [desk.raw('POST', '/open', b'password=%d' % i, form)[0] for i in range(20)]
    assert set(guesses) <= {403, 429} and guesses.count(429) > guesses.count(403), guesses
    status = 429
    while status == 429:
        status, _, head = desk.raw('POST', '/open', 'password=开门'.encode(), form)
    assert status == 303 and 'HttpOnly' in head['Set-Cookie']
    desk.key = head['Set-Cookie'].split(';')[0].split('=')[1]
    assert desk.get('/inbox')
    desk.end()

# The demo has the seed pages, and leaves nothing behind.
with tempfile.TemporaryDirectory() as temporary:
    os.environ['TMPDIR'] = temporary
    desk = Desk(None, '--demo')
    assert len(ids(desk.get('/articles'))) >= 20 and os.listdir(temporary)
    desk.end()
    assert os.listdir(temporary) == []
