# SPDX-License-Identifier: BSD-3-Clause
"""Labelling: what it gives, errors, order, laziness, threads, memory, Ctrl-C."""

import gc
import glob
import json
import os
import signal
import subprocess
import sys
import threading

import fenlei
import pytest

PAGES = sorted(glob.glob("seeds/*.txt"))
TEXT = "昨天上午,县法院公开开庭审理一起盗窃案,被告人当庭认罪,合议庭择日宣判。"


@pytest.fixture(scope="module")
def model():
    return fenlei.Model()


def memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("page", PAGES)
def test_the_same_as_classify(model, page):
    lines = subprocess.run(
        ["bin/classify", "--json", "--all", page], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    articles = model.page(page)
    assert len(articles) == len(lines) > 0
    for article, line in zip(articles, lines):
        right = json.loads(line)
        assert (article.title, article.review) == (right["title"], right["review"])
        assert list(article.lines) == right["lines"]
        assert [(label.topic, label.name, label.given) for label in article.scores] == [
            (label["topic"], label["name"], label["given"]) for label in right["labels"]
        ]
        for label, other in zip(article.scores, right["labels"]):
            assert label.probability == pytest.approx(other["probability"], abs=1e-3)


def test_path_or_bytes(model):
    with open(PAGES[0], "rb") as file:
        content = file.read()
    named = model.page(PAGES[0])
    for page in (model.page(content), model.page(memoryview(content)), model.page(bytearray(content))):
        assert [article.scores for article in page] == [article.scores for article in named]
    encoded = model.page(content.decode().encode("gb18030"))
    assert encoded.encoding == "GB18030"
    assert [article.labels for article in encoded] == [article.labels for article in named]
    assert len(model.page(content, whole=True)) == 1
    assert model.page(b"\xff" + content).substitutions > 0
    with pytest.raises(fenlei.Error, match="it is empty"):
        model.page(b"")


def test_the_shipped_model(model):
    named = fenlei.Model("models/fenlei.model")
    assert named.topics == model.topics and named.card == model.card
    assert model.card["documents"] > 1000


def test_why(model):
    for article in model.page(PAGES[2]):
        if not article.scores:
            with pytest.raises(fenlei.Error):
                article.why(model.topics[0].id)
            continue
        label = article.scores[0]
        why = article.why(label.name)
        assert why == article.why(label.topic)
        assert why.score == pytest.approx(label.score, abs=1e-9)
        assert why.bias + sum(phrase.share for phrase in why.phrases) == pytest.approx(why.score, abs=1e-9)
        assert all(phrase.places for phrase in why.phrases)
    record = model.record(TEXT, "法院开庭")
    assert record.why("法院工作" if "法院工作" in record.probabilities else record.scores[0].topic).phrases
    with pytest.raises(fenlei.Error, match="no such topic"):
        record.why("no-such-topic")


def test_errors(model, tmp_path):
    with pytest.raises(fenlei.Error, match="nothing: cannot open the model: No such file"):
        fenlei.Model(tmp_path / "nothing")
    (tmp_path / "damaged").write_bytes(b"no model at all")
    with pytest.raises(fenlei.Error, match="damaged: "):
        fenlei.Model(tmp_path / "damaged")
    with pytest.raises(fenlei.Error, match='no encoding named "klingon"'):
        model.page(TEXT.encode(), encoding="klingon")
    with pytest.raises(fenlei.Error):
        model.page(TEXT.encode(), probability=1.5)
    with pytest.raises(OSError):
        model.page(tmp_path / "nothing")
    with pytest.raises(TypeError):
        model.page(7)
    with pytest.raises(TypeError):
        fenlei.Model(7)
    with pytest.raises(UnicodeError):
        model.record("\ud800")
    with pytest.raises(ValueError):
        model.records([], threads=0)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("bad", [7, {}, {"text": 7}, {"text": "a", "title": 7}, {"text": "\ud800"}])
def test_a_bad_record_is_named(model, threads, bad):
    records = model.records([{"text": TEXT}, {"text": TEXT}, bad, {"text": TEXT}], threads=threads)
    assert next(records).scores and next(records).scores
    with pytest.raises(fenlei.Error, match="^record 3: "):
        next(records)
    assert list(records) == []


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_order(model, threads):
    texts = [TEXT * (1 + i * 7 % 40) for i in range(500)]
    alone = [model.record(text).scores for text in texts]
    found = list(model.records(({"text": text, "id": i} for i, text in enumerate(texts)), threads=threads))
    assert [article.id for article in found] == list(range(500))
    assert [article.scores for article in found] == alone


@pytest.mark.parametrize("threads", [1, 3])
def test_laziness(model, threads):
    read = 0

    def endless():
        nonlocal read
        while True:
            read += 1
            yield {"text": TEXT}

    records = model.records(endless(), threads=threads)
    assert read == 0
    for given in range(1, 50):
        next(records)
        assert read <= given + 64 * threads
    records.close()
    assert threading.active_count() == 1


@pytest.mark.parametrize("threads", [1, 3])
def test_what_the_source_raises_comes_out_last(model, threads):
    def broken():
        for number in range(100):
            yield {"text": TEXT, "id": number}
        raise LookupError("the source is broken")

    found = []
    with pytest.raises(LookupError, match="the source is broken"):
        for article in model.records(broken(), threads=threads):
            found.append(article.id)
    assert found == list(range(100))


@pytest.mark.parametrize("threads", [1, 3])
def test_a_bad_record_ends_behind_the_good_ones(model, threads):
    found = []
    with pytest.raises(fenlei.Error, match="record 71: "):
        for article in model.records(({"text": TEXT if n != 70 else 7, "id": n} for n in range(100)), threads=threads):
            found.append(article.id)
    assert found == list(range(70))


def test_a_model_is_shared(model):
    right = [[article.scores for article in model.page(page)] for page in PAGES]
    wrong, finished = [], []

    def work(k):
        for i in range(20):
            n = (i + k) % len(PAGES)
            if [article.scores for article in model.page(PAGES[n])] != right[n]:
                wrong.append(n)
            article = model.page(PAGES[n])[0]
            score = article.why(model.topics[0].id).score if article.scores else None
            if score is not None and not any(abs(s.score - score) < 1e-9 for s in article.scores):
                wrong.append(n)
        finished.append(k)

    workers = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong and len(finished) == 4


def test_the_gil_is_released(model):
    """While one thread labels something long, another one runs: nothing else makes Python switch here."""
    text = TEXT * 50000
    started, done = threading.Event(), threading.Event()
    worker = threading.Thread(target=lambda: (started.set(), model.record(text), done.set()))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    try:
        worker.start()
        started.wait()
        assert not done.is_set()
    finally:
        sys.setswitchinterval(interval)
        worker.join()
    assert done.is_set()


def test_memory_is_given_back(model):
    """100,000 labels, errors and explanations among them, grow by less than 5 MB."""

    def some(n):
        for i in range(n):
            article = model.record(TEXT)
            if i % 20 == 0:
                article.why(model.topics[0].id)
                with pytest.raises(fenlei.Error):
                    article.why("none")
                with pytest.raises(fenlei.Error):
                    model.page(b"a", encoding="klingon")

    some(5000)
    gc.collect()
    before = memory()
    some(100000)
    gc.collect()
    assert memory() - before < 5 << 20


def test_models_are_given_back():
    for _ in range(3):
        fenlei.Model().record(TEXT)
    gc.collect()
    before = memory()
    for _ in range(50):
        fenlei.Model().record(TEXT)
        with pytest.raises(fenlei.Error):
            fenlei.Model("nothing")
    gc.collect()
    assert memory() - before < 5 << 20


def test_reference_counts(model):
    kinds = [None, True, False, fenlei._fenlei.Model, fenlei.Model, fenlei.Error, model, TEXT]

    def work():
        for _ in range(200):
            article = model.record(TEXT)
            article.why(model.topics[0].id)
            model.page(PAGES[0])
            model._topics()
            with pytest.raises(fenlei.Error):
                model.page(b"a", encoding="klingon")
            with pytest.raises(TypeError):
                model._page("a")

    work()
    gc.collect()
    before = [sys.getrefcount(kind) for kind in kinds]
    blocks = sys.getallocatedblocks()
    work()
    gc.collect()
    for kind, count in zip(kinds, before):
        assert abs(sys.getrefcount(kind) - count) < 50, kind
    assert sys.getallocatedblocks() - blocks < 200


INTERRUPTED = """
import fenlei, sys
model = fenlei.Model()
def endless():
    while True:
        yield {"text": %r}
try:
    for n, article in enumerate(model.records(endless(), threads=int(sys.argv[1]))):
        if n == 100:
            print("going", flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("threads", ["1", "3"])
def test_ctrl_c(threads):
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED % TEXT, threads], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "going\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "interrupted\n"
    assert process.returncode == 0
