# SPDX-License-Identifier: BSD-3-Clause
"""The addresses for programs, held against openapi.json: usage: api.py FOLDER"""
import json
import re
import subprocess
import sys
import jsonschema
from client import Desk, seeds

desk = Desk(sys.argv[1])
description = json.loads(desk.api('GET', '/api/v1/openapi.json'))
assert description == json.load(open('src/desk/openapi.json'))
source = open('src/desk/api.c').read()
table = re.findall(r'\{"(/[^"]*)",\s*(\w+),\s*(\w+)\}', source[source.index('} calls[] ='):])
assert len(table) == len(description['paths'])
for path, get, post in table:
    methods = description['paths'][path.replace('*', '{id}')]
    assert sorted(methods) == sorted(['get'] * (get != 'NULL') + ['post'] * (post != 'NULL')), path
unseen = {(path, method, status) for path, methods in description['paths'].items()
          for method, operation in methods.items() for status in operation['responses']}


def call(method, path, body=None, status=200, type='application/json', key=None, **headers):
    """Asks, and holds the answer against what the file says of it."""
    plain = path.split('?')[0]
    pattern = re.sub(r'/\d+(?=/|$)', '/{id}', plain)
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    got, answer, head = desk.raw(method, path, body, {
        'Authorization': 'Bearer ' + desk.key if key is None else key, 'Content-Type': type, **headers})
    assert got == status, (method, path, got, answer[:300])
    response = description['paths'][pattern][method.lower()]['responses'][str(status)]
    unseen.discard((pattern, method.lower(), str(status)))
    kind = head['Content-Type'].split(';')[0]
    schema = response['content'][kind]['schema']
    if kind != 'application/json':
        return answer.decode()
    value = json.loads(answer)
    jsonschema.validate(value, {**schema, 'components': description['components']})
    return value


call('GET', '/api/v1/openapi.json')
for path, methods in description['paths'].items():
    for method in methods:
        address = path.replace('{id}', '1')
        call(method.upper(), address, b'', 401, key='Bearer 0')
        call(method.upper(), address, b'', 403, Host='evil.example')

# ---- labels: the same bytes as classify's ----
name, page = seeds()[0]
lines = call('POST', '/api/v1/label?file=seeds/' + name, page, type='text/plain')
wanted = subprocess.run(['bin/classify', '--json', 'seeds/' + name], capture_output=True).stdout.decode()
assert lines == wanted
records = b'{"id": 7, "title": "\xe6\xb3\x95\xe9\x99\xa2", "text": "x"}\n{"text": 1}\n'
lines = call('POST', '/api/v1/label', records, type='application/x-ndjson')
assert lines == subprocess.run(['bin/classify', '--jsonl'], input=records, capture_output=True).stdout.decode()
assert call('POST', '/api/v1/label', {'text': '法官在审判庭宣读判决书。'})['review'] == 'too-short'
call('POST', '/api/v1/label', {'title': 'x'}, 422)
call('POST', '/api/v1/label', b'%PDF-1.4', 422, 'application/octet-stream')

# ---- articles ----
address = '/api/v1/articles?file=a.txt&day=2024-05-17&paper=x'
receipt = call('POST', address, page, 201, 'text/plain')
assert receipt['articles'] == 5 and not receipt['known']
assert call('POST', address, page, 200, 'text/plain')['known']
call('POST', '/api/v1/articles', b'', 422, 'text/plain')
listed, next_page = [], '/api/v1/articles?limit=2&from=2024-05-17'
while next_page:
    found = call('GET', next_page)
    listed += [article['id'] for article in found['articles']]
    next_page = found['next']
assert len(listed) == 5 and len(set(listed)) == 5
call('GET', '/api/v1/articles?after=99', status=422)
article = call('GET', '/api/v1/articles/3')
call('GET', '/api/v1/articles/99', status=404)
verdict = {'labels': ['party-building'], 'version': article['version'], 'who': '甲'}
corrected = call('POST', '/api/v1/articles/3/labels', verdict)
assert corrected['labels'] == ['party-building'] and corrected['judged']
conflict = call('POST', '/api/v1/articles/3/labels', {**verdict, 'labels': []}, 409)
assert conflict == corrected
call('POST', '/api/v1/articles/99/labels', verdict, 404)
call('POST', '/api/v1/articles/3/labels', {'labels': ['none such'], 'version': 2}, 422)
call('POST', '/api/v1/articles/3/labels', {'labels': []}, 422)
assert call('GET', '/api/v1/articles/3') == corrected

# ---- models, retraining ----
assert call('GET', '/api/v1/models')['models'][0]['state'] == 'current'
call('POST', '/api/v1/models/1/use', b'')
call('POST', '/api/v1/models/9/use', b'', 404)
assert call('GET', '/api/v1/retrain')['state'] == 'none'
held = None
for i in range(60):  # until one is held back
    record = json.dumps({'text': '第%d篇,县里开了法治宣传会。' % i, 'labels': ['legal-publicity']}).encode()
    call('POST', '/api/v1/articles?file=%d' % i, record, 201, 'application/x-ndjson')
call('POST', '/api/v1/retrain', b'', 202)
call('POST', '/api/v1/retrain', b'', 409)
assert call('GET', '/api/v1/retrain')['state'] == 'running'

# ---- Label Studio and doccano, as they are documented to ask ----
basic = 'Basic ' + __import__('base64').b64encode(('x:' + desk.key).encode()).decode()
assert call('GET', '/api/v1/label-studio/health', key=basic)['status'] == 'UP'
schema = '<View><Text name="article" value="$text"/><Choices name="subject" toName="article" choice="multiple"/></View>'
call('POST', '/api/v1/label-studio/setup', {'project': '1.1700000000', 'schema': schema, 'hostname': '', 'access_token': ''}, key=basic)
answer = call('POST', '/api/v1/label-studio/predict', {
    'tasks': [{'id': 1, 'data': {'text': article['title'] + '\n' + article['text']}}, {'id': 2, 'data': {'text': 'x'}}],
    'project': '1.1700000000', 'label_config': schema, 'params': {'login': None, 'password': None, 'context': None}}, key=basic)
(first,), second = answer['results'][0]['result'], answer['results'][1]
assert first['from_name'] == 'subject' and first['to_name'] == 'article' and first['value']['choices'] == ['安全检查'], first
assert second['result'][0]['value']['choices'] == []
call('POST', '/api/v1/label-studio/predict', {'tasks': [{'id': 1}]}, 422)
labels = call('POST', '/api/v1/label', {'text': article['text']}, key='Token ' + desk.key)['labels']
assert [label['name'] for label in labels] == ['安全检查']

metrics = call('GET', '/metrics')
assert 'fenlei_articles 65\n' in metrics and re.search(r'^fenlei_requests_refused_total \d+$', metrics, re.M)
assert 'fenlei_retraining 1\n' in metrics
# What needs a full disk is tested by programs_desk.
left = {key for key in unseen if key[2] != '507'}
assert not left, left
desk.end()
