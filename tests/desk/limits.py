"""A store that is in use, full, or of another version; a password; the demo: usage: limits.py FOLDER"""
import glob
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from client import Desk, ids, seeds

folder = sys.argv[1]
desk = Desk(folder)
desk.send_files(seeds()[:1])
second = subprocess.run(['bin/desk', '--data', folder, '--listen', '127.0.0.1:0'], capture_output=True)
assert second.returncode == 1 and b'another desk is at work' in second.stderr, second
taken = subprocess.run(['bin/desk', '--data', folder + '-2', '--listen', '127.0.0.1:%d' % desk.port],
                       capture_output=True)
assert taken.returncode == 1 and b'cannot listen' in taken.stderr, taken
desk.end()

# No file may grow: what cannot be saved is told, and nothing is half done.
size = max(os.stat(name).st_size for name in glob.glob(folder + '/store.db*'))
desk = Desk(folder, limit=(resource.RLIMIT_FSIZE, (size + 65536, size + 65536)))
before = ids(desk.get('/articles'))
big = [('big.jsonl', b''.join(b'{"text":"%d %s"}\n' % (i, b'abc def ' * 3000) for i in range(100)))]
page = desk.send_files(big, 507)
assert '没有收下' in page and ids(desk.get('/articles')) == before
desk.api('POST', '/api/v1/articles?file=big', big[0][1], 507, 'application/x-ndjson')
desk.end()
desk = Desk(folder)
assert ids(desk.get('/articles')) == before
assert '没有收下' not in desk.send_files(big)
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
