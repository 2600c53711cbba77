# SPDX-License-Identifier: BSD-3-Clause
"""Records in every form that train reads come in by the desk's pages and addresses, the same articles from
each: usage: records.py FOLDER"""
import csv
import io
import json
import os
import subprocess
import sys
import urllib.parse
from client import Desk

folder = sys.argv[1]
desk = Desk(folder)
forms = os.path.join(folder, 'forms')
subprocess.run(['python3', 'tests/write_formats', forms], check=True)


def send(name, content, status=201, **fields):
    """By the address for programs; the receipt, or the reason why there is none."""
    query = urllib.parse.urlencode({'file': name, **fields})
    answer = json.loads(desk.api('POST', '/api/v1/articles?' + query, content, status, 'application/octet-stream'))
    return answer if status == 201 else answer['error']


def kept(receipt):
    """Title, text and topics of what came of a file; None where nobody looked at it."""
    lines = desk.get('/export?format=jsonl&file=%d' % receipt['file']).splitlines()
    return sorted((line['title'], line['text'], line.get('labels') if line['judged'] else None)
                  for line in map(json.loads, lines))


# ---- the same from each form ----
for kind in 'full', 'flat':
    def read(name):
        with open(os.path.join(forms, kind, name), 'rb') as file:
            return file.read()

    wanted = kept(send(kind + '-records.jsonl', read('records.jsonl')))
    assert len(wanted) == 15 and ['court'] in [labels for _, _, labels in wanted], wanted
    for name in sorted(os.listdir(os.path.join(forms, kind))):
        fields = {}
        if name.startswith('bar'):
            fields = {'label_separator': '|'}
        elif name.startswith('named'):
            at = '文章.' if name.endswith('.jsonl') else ''
            fields = {'text_field': at + '正文', 'title_field': at + '标题', 'label_field': '类别', 'label_separator': '；'}
        elif name in ('records.jsonl', 'labelled.jsonl', 'fasttext.txt'):
            continue
        receipt = send(kind + '-' + name, read(name), **fields)
        assert receipt['articles'] == 15 and receipt['unusable'] == 0, (name, receipt)
        assert kept(receipt) == wanted, (name, receipt, kept(receipt), wanted)
        told = {'jsonl': 'doccano' in name and 'a doccano export', 'csv': 'CSV', 'tsv': 'TSV', 'json': 'JSON'}
        if 'label-studio' in name:
            assert receipt['note'].startswith('read as a Label Studio export'), receipt
        elif told[name.split('.')[-1]] and 'doccano' not in name:
            assert told[name.split('.')[-1]] in receipt['note'], (name, receipt)
assert 'in GB18030' in send('gbk.csv', read('bar-gbk.csv') + b'99,,x,[]\n', label_separator='|')['note']
assert kept(send('fasttext.txt', read('fasttext.txt'))) == kept(send('labelled.jsonl', read('labelled.jsonl')))

# ---- what has no labels waits for a person ----
receipt = send('plain.csv', '编号,title,text\n1,梨花开了,村里的梨树开花了。\n2,,县里修路。\n'.encode())
assert kept(receipt) == [('县里修路。', '', None), ('梨花开了', '村里的梨树开花了。', None)] or \
    [labels for _, _, labels in kept(receipt)] == [None, None], kept(receipt)
receipt = send('some.csv', 'text,labels\n县里修桥，三天里忙个不停。,roads\n县里修渠，三天里忙个不停。,\n'.encode())
assert sorted(map(str, (labels for _, _, labels in kept(receipt)))) == ['None', "['roads']"], kept(receipt)
task = {'data': {'text': '乡里修路。'}, 'annotations': [], 'predictions': []}
assert [labels for _, _, labels in kept(send('task.json', json.dumps([task]).encode()))] == [None]
receipt = send('days.csv', 'text,date\n县里种树，三天里忙个不停。,2024-05-17\n'.encode())
found = json.loads(desk.api('GET', '/api/v1/articles?from=2024-05-17&to=2024-05-17'))['articles']
assert len(found) == 1, found

# ---- what is wrong is told by row and column, and the rest comes in ----
receipt = send('damaged.csv', 'text,labels\n"县里\n种草。",a\n县里种菜，三天里忙个不停。\n县里种花，三天里忙个不停。,a\n'.encode())
assert receipt['articles'] == 2 and receipt['unusable'] == 1, receipt
assert 'line 4: row 3: 1 cell, where the first row has 2' in receipt['note'], receipt
receipt = send('bytes.csv', b'text,labels\n' + '县里种瓜，三天里忙个不停。,a\n'.encode() + b'a\0b,a\n')
assert 'line 3: a NUL character in column 1 ("text")' in receipt['note'], receipt
receipt = send('cut.json', '[{"text": "县里种豆。"}, {"text": "'.encode())
assert receipt['articles'] == 1 and 'the file ends inside a record, which begins in line 1' in receipt['note'], receipt
reason = send('names.csv', '标题,正文\n梨花,村里的梨树开花了,合作社请来技术员。\n'.replace('了,', '了、').encode(), 422)
assert reason.startswith('no column "text" in its first row ("标题", "正文"): text_field says'), reason
assert 'no column "Text"' in send('case.csv', 'a,b\n1,县人民法院公开审理一起盗窃案\n'.encode(), 422, text_field='Text')
reason = send('none.json', b'[{}]', 422)
assert reason == 'no record of it can be used; read as a JSON array: 1 record; record 1: no "text"', reason
assert 'read as' not in send('own.jsonl', '{"text": "县里种树苗。"}\n'.encode())['note']

# ---- on the page: a file with columns of other names, and what is no record stays a page ----
table = io.StringIO()
csv.writer(table).writerows([['标题', '正文', '类别'], ['开庭', '县法院开庭审理一起盗窃案,被告人认罪。', 'court'], ['修路', '乡里修路。', 'village']])
page = desk.send_files([('栏目.csv', table.getvalue().encode('utf-16'))])
assert '没有收下' in page and 'text_field' in page, page
page = desk.send_files([('栏目.csv', table.getvalue().encode('utf-16'))], text_field='正文', title_field='标题',
                       label_field='类别')
assert 'read as a table (CSV) in UTF-16' in page and '开庭' in page, page
page = desk.send_files([('版面.txt', '县法院开庭，审理盗窃案\n\n昨天,县法院开庭,审理一起盗窃案,被告人认罪。\n'.encode())])
assert 'read as' not in page and '没有收下' not in page, page
desk.end()
