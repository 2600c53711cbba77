# SPDX-License-Identifier: BSD-3-Clause
"""The gate on articles as they are: usage: gate.py FOLDER SEEDS

For each seed a model is trained on shipped articles, without those of three later desks, which stand
for a new domain. Trained anew with the labels of three articles in ten exchanged, it must be refused;
with 200 corrections of the new domain it must be taken. What the gate prints is what classify
--evaluate prints of the same two models."""
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys

folder, seeds = sys.argv[1], int(sys.argv[2])
NEW = ('lb', 'wg', 'kb')  # old papers and traditional script, abroad, kinds that failed
BASE, HELD_OUT, CORRECTIONS, FLIPPED = 1200, 400, 200, 0.3
os.makedirs(folder, exist_ok=True)
place = lambda name: os.path.join(folder, name)
model, old = place('m.model'), place('old.model')


def records(wanted):
    found = []
    for path in sorted(glob.glob('train/corpus/*.jsonl')):
        if (os.path.basename(path)[:-6] in NEW) == wanted:
            found += [json.loads(line) for line in open(path, encoding='utf-8')]
    return found


def write(name, some):
    with open(place(name), 'w', encoding='utf-8') as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + '\n' for record in some)
    return place(name)


def train(*arguments):
    return subprocess.run(['bin/train', *arguments], capture_output=True, text=True)


def again(corpus, held, *more):
    """Exit status and output of a retraining beside a fresh copy of the old model."""
    shutil.copy(old, model)
    got = train('--replace', model, '--held-out', held, '--folds', '3', *more, corpus)
    assert got.returncode in (0, 4), got
    return got.returncode, got.stdout


def flip(some):
    """Three in ten get the labels of another record, which are not theirs."""
    wrong = [dict(record) for record in some]
    chosen = random.sample(wrong, round(FLIPPED * len(wrong)))
    for record in chosen:
        others = [other['labels'] for other in some if sorted(other['labels']) != sorted(record['labels'])]
        record['labels'] = random.choice(others)
    return wrong


def figures(output):
    return [line for line in output.splitlines() if not re.match('[AB]: |kept |replaced', line)]


refused = taken = 0
for seed in range(seeds):
    random.seed(seed)
    known, new = records(False), records(True)
    random.shuffle(known)
    random.shuffle(new)
    base = known[:BASE]
    corpus = write('base.jsonl', base)
    corrections = write('corrections.jsonl', new[:CORRECTIONS])
    held = write('held.jsonl', known[BASE:BASE + HELD_OUT] + new[CORRECTIONS:])
    got = train('--topics', 'train/corpus/topics.json', '--ngrams', '1-2', '--min-df', '2', '--folds', '3',
                '-o', old, corpus)
    assert got.returncode == 0, got

    status, output = again(write('flipped.jsonl', flip(base)), held)
    assert status == 0 or open(model, 'rb').read() == open(old, 'rb').read(), 'refused, but another model'
    refused += status == 4
    print('seed %d: wrong labels: %s' % (seed, output.splitlines()[-1]))

    status, output = again(corpus, held, '--corrections', corrections)
    taken += status == 0
    print('seed %d: corrections: %s' % (seed, output.splitlines()[-1]), flush=True)
    if status == 0:
        told = subprocess.run(['bin/classify', '--evaluate', '-m', old, '-m', model, held],
                              capture_output=True, text=True)
        assert figures(told.stdout) == figures(output), (told.stdout, output)

print('wrong labels refused: %d of %d; good corrections taken: %d of %d' % (refused, seeds, taken, seeds))
assert refused == taken == seeds
