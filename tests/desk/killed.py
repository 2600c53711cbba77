# SPDX-License-Identifier: BSD-3-Clause
"""Kills the desk at random moments while it is corrected and given pages, and looks whether what it
said was saved is there: usage: killed.py FOLDER ROUNDS"""
import http.client
import json
import random
import subprocess
import sys
import threading
import time
from client import Desk, ids

folder, rounds = sys.argv[1], int(sys.argv[2])
random.seed(1)
saved, files = {}, set()


def work(desk, worker, number):
    """Corrects and uploads until the desk is gone."""
    try:
        for i in range(10000):
            article = 1 + (worker * 7 + i) % 20
            version = json.loads(desk.api('GET', '/api/v1/articles/%d' % article))['version']
            labels = random.sample(['anti-gang', 'party-building', 'public-service'], random.randrange(4))
            body = json.dumps({'labels': labels, 'version': version}).encode()
            status, _, _ = desk.raw('POST', '/api/v1/articles/%d/labels' % article, body,
                                    {'Authorization': 'Bearer ' + desk.key})
            assert status in (200, 409), status
            if status == 200:
                with lock:
                    if saved.get(article, (0,))[0] < version + 1:
                        saved[article] = (version + 1, labels)
            text = '第%d轮%d人%d号,县里开了会。' % (number, worker, i)
            desk.api('POST', '/api/v1/articles?file=' + str(i), text.encode(), 201, 'text/plain')
            with lock:
                files.add(text)
    except (OSError, http.client.HTTPException):
        pass  # it was killed


desk = Desk(folder)
records = ''.join('{"text": "第%d篇,乡里修路。"}\n' % i for i in range(20))
desk.api('POST', '/api/v1/articles', records.encode(), 201, 'application/x-ndjson')
desk.kill()
for number in range(rounds):
    lock = threading.Lock()
    desk = Desk(folder)
    if number % 5 == 4:
        desk.raw('POST', '/api/v1/retrain', b'', {'Authorization': 'Bearer ' + desk.key})
    workers = [threading.Thread(target=work, args=(desk, worker, number)) for worker in range(2)]
    for worker in workers:
        worker.start()
    time.sleep(random.uniform(0.02, 0.4))  # the moment is what is random
    desk.kill()
    for worker in workers:
        worker.join()
    check = subprocess.run([sys.executable, '-c', 'import sqlite3, sys\n'
                            'print(sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute('
                            '"PRAGMA integrity_check").fetchone()[0])', folder + '/store.db'],
                           capture_output=True, text=True)
    assert check.stdout == 'ok\n', check
desk = Desk(folder)
for article, (version, labels) in saved.items():
    kept = json.loads(desk.api('GET', '/api/v1/articles/%d' % article))
    assert kept['version'] >= version, (article, version, kept)
    if kept['version'] == version:
        assert sorted(kept['labels']) == sorted(labels), (article, labels, kept)
kept, address = set(), '/api/v1/articles?limit=500'
while address:
    page = json.loads(desk.api('GET', address))
    kept |= {article['text'].strip() for article in page['articles']} | {
        article['title'].strip() for article in page['articles']}
    address = page['next']
lost = [text for text in files if text not in kept]
assert not lost, lost
print("%d rounds: the last corrections of %d articles and %d files said to be saved are there" % (
    rounds, len(saved), len(files)))
desk.end()
