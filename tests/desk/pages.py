# SPDX-License-Identifier: BSD-3-Clause
"""What an editor does at the desk, without a script: usage: pages.py FOLDER"""
import csv
import io
import json
import re
import sys
from client import Desk, chips, ids, seeds

desk = Desk(sys.argv[1])

# ---- a page comes in, is recognised when it comes again; what is none is told beside its name ----
page = desk.send_files(seeds()[:2] + [('a.model', b'\x89fenlei and so on'), ('empty.txt', b'')],
                       day='2020-03-17', paper='平安绍兴')
assert len(ids(page)) == 10, ids(page)
assert re.search(r'a\.model</bdi></h2>\s*<p class=fault role=alert>', page)
assert re.search(r'empty\.txt</bdi></h2>\s*<p class=fault role=alert>', page)
assert '以前收过' in desk.send_files(seeds()[:1])
assert '没有文件' in desk.send_files([])
assert len(ids(desk.send_files([], text='**本报讯** 昨天,县法院公开开庭。\n'))) == 1
assert '**' not in desk.get('/articles')
everything = ids(desk.get('/articles'))
assert len(everything) == 11 and everything == sorted(everything, reverse=True)

# ---- search in either script, filters ----
simple, traditional = (ids(desk.get('/articles?q=' + q)) for q in (
    '%E6%89%AB%E9%BB%91', '%E6%8E%83%E9%BB%91'))
assert simple == traditional and len(simple) >= 2, (simple, traditional)
assert ids(desk.get('/articles?review=not-an-article')), 'no article to review'
assert len(ids(desk.get('/articles?from=2020-03-17&to=2020-03-17'))) == 10
assert ids(desk.get('/articles?from=2020-03-18')) == []
assert len(ids(desk.get('/articles?file=1'))) == 5
assert ids(desk.get('/articles?file=1')) == [1, 2, 3, 4, 5], 'not in the order of the page'
doubt = ids(desk.get('/articles?order=doubt'))
assert sorted(doubt) != doubt and len(doubt) == 9, doubt

# ---- labels are given, taken, confirmed, taken back ----
before = chips(desk.get('/articles/3'))
assert before == ['安全检查'], before
assert chips(desk.change(3, 'give 3')) == ['安全检查', '党建']
assert chips(desk.change(3, 'take 2')) == ['党建']
assert 3 in ids(desk.get('/articles?topic=3')) and 3 not in ids(desk.get('/articles?topic=2'))
assert 3 in ids(desk.get('/articles?judged=yes')) and 3 not in ids(desk.get('/articles?judged=no'))
assert chips(desk.change(3, 'undo')) == ['安全检查', '党建']
assert chips(desk.change(3, 'undo')) == before
assert '模型定的' in desk.get('/articles/3')
desk.change(3, 'undo', 404)
assert '人定的' in desk.change(1, 'confirm')
desk.change(3, 'give 999', 404)
desk.change(3, 'nonsense', 404)
assert desk.get('/articles/3').count('已撤销') == 2

# ---- two people at one article: the second is told, and sees both versions ----
version = desk.version(2)
desk.change(2, 'give 5')
page = desk.change(2, 'give 6', 409, version)
assert '别人刚改过这篇' in page
wanted, now = re.search(r'<h2>你想要的(.*?)<h2>现在的样子(.*?)</form>', page, re.S).groups()
assert '矛盾化解' in wanted and '矛盾化解' not in now and '平安稳定' in now, (wanted, now)
assert '矛盾化解' not in chips(desk.get('/articles/2'))
version = int(re.search(r'name=version value=(\d+)', page).group(1))
assert '矛盾化解' in chips(desk.change(2, 'give 6', 303, version))

page = desk.change(2, 'join', 409, version)
assert '并入上一篇' in page.split('<h2>现在的样子')[0] and 'join<' not in page

# ---- a wrong split ----
text = '一、甲。\n说的是甲村修路的事,路修好了。\n丙村梨花开了\n来看的人很多,村里设了停车场。\n'
(whole,) = ids(desk.send_files([('split.jsonl', json.dumps({'text': text}).encode())]))
page = desk.get('/articles/%d' % whole)
paragraphs = re.search(r'<div class=text lang=zh>(.*?)</div>', page, re.S).group(1)
begins = re.findall(r'value="begin (\d+)"', paragraphs)
assert begins, paragraphs
desk.change(whole, 'begin ' + begins[-1])
both = ids(desk.get('/articles?file=4'))
assert len(both) == 2 and both[0] == whole, both
assert '路修好了' not in desk.get('/articles/%d' % both[1]) + ''
desk.change(both[1], 'join')
assert ids(desk.get('/articles?file=4')) == [whole]
desk.change(whole, 'undo')
assert len(ids(desk.get('/articles?file=4'))) == 2
desk.change(whole, 'undo')
assert ids(desk.get('/articles?file=4')) == [whole]
desk.change(whole, 'join', 404)
page = desk.change(whole, 'none')
assert '是文章' in page and whole in ids(desk.get('/articles?review=not-an-article'))
assert chips(desk.change(whole, 'article')) == []
desk.change(whole, 'begin 99', 404)

# ---- topics ----
assert '还差 10' in desk.post('/topics', do='add', name='乡村 <b>')
new = int(re.findall(r'name=topic value=(\d+)', desk.get('/topics'))[-1])
desk.post('/topics', do='rename', topic=new, name='乡村')
assert '乡村' in chips(desk.change(4, 'give %d' % new))
desk.post('/topics', do='merge', topic=new, into=4)
assert 4 in ids(desk.get('/articles?topic=4'))
desk.post('/topics', 400, do='merge', topic=4, into=new)
desk.post('/topics', do='retire', topic=12)
assert '>疫情防控<' not in desk.get('/articles/5')
desk.post('/topics', do='revive', topic=12)
desk.post('/topics', 400, do='rename', topic=1, name=' \n')

# ---- exports ----
lines = [json.loads(line) for line in desk.get('/export?format=jsonl').splitlines()]
assert sorted(line['id'] for line in lines) == sorted(ids(desk.get('/articles')))
assert next(line for line in lines if line['id'] == 2)['labels'] and next(
    line for line in lines if line['id'] == 2)['judged']
table = list(csv.DictReader(io.StringIO(desk.get('/export?format=csv').lstrip('\ufeff'), newline='')))
assert desk.get('/export?format=csv').startswith('\ufeff') and len(table) == len(lines)
assert {int(row['id']): row['title'] for row in table} == {
    line['id']: line['title'] for line in lines}
doccano = [json.loads(line) for line in desk.get('/export?format=doccano&topic=4').splitlines()]
assert sorted(line['id'] for line in doccano) == sorted(ids(desk.get('/articles?topic=4')))
assert all('社会治理' in line['label'] for line in doccano)
studio = json.loads(desk.get('/export?format=label-studio'))
assert len(studio) == len(lines) and all('text' in task['data'] for task in studio)
assert any('annotations' in task for task in studio) and any('predictions' in t for t in studio)
assert json.loads(desk.get('/export?format=label-studio&q=zzzz')) == []
desk.get('/export?format=xml', 400)

# ---- the queue; figures; both languages ----
queue = ids(desk.get('/next'))
assert queue and not set(queue) & {1, 2, 4}, queue
assert '平安绍兴' in desk.get('/figures') and '2020-03' in desk.get('/figures')
desk.post('/models', 409, start=1) if '留作比较: 0' in desk.get('/models') else None
english = desk.raw('GET', '/articles/3', None, {**desk.cookie(), 'Accept-Language': 'en-GB'})[1].decode()
assert '<html lang=en>' in english and 'Right as it is' in english and 'BEGINS' not in english
assert 'fenlei_language=en' in desk.raw('POST', '/language', ('language=en&token=' + desk.find_token()).encode(), {
    **desk.cookie(), 'Content-Type': 'application/x-www-form-urlencoded'})[2]['Set-Cookie']
assert desk.get('/articles/999', 404) and desk.get('/nothing', 404)

# ---- a page of another form ----
html = '<!doctype html><title>x</title><h1>县法院公开开庭</h1><p>昨天,县法院公开开庭审理一起合同纠纷案。</p>'
(web,) = ids(desk.send_files([('page.html', html.encode())]))
assert '合同纠纷' in re.sub('<[^>]*>', '', desk.get('/articles/%d' % web))
desk.change(web, 'none')

# ---- hostile text is text ----
evil = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'&lt;\u202e\u2028'
record = json.dumps({'title': evil, 'text': evil * 3, 'labels': [evil]})
desk.send_files([(evil.replace('"', '%22'), record.encode())], paper=evil)
hostile = ids(desk.get('/articles'))[0]
desk.change(hostile, 'give 1')
for path in ('/inbox', '/articles', '/articles/%d' % hostile, '/articles?q=alert', '/topics', '/figures',
             '/articles?paper=' + '%3Cscript%3Ealert', '/next', '/models'):
    page = desk.get(path)
    assert '<script>alert' not in page and '<img' not in page, path
    assert page.count('<script') == 1, path
assert '=1' not in [row['title'][:2] for row in table]

# ---- it is all there afterwards ----
shown = desk.get('/articles/2')
desk.kill()
desk = Desk(sys.argv[1])
assert chips(desk.get('/articles/2')) == chips(shown)
desk.end()
