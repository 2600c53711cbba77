# SPDX-License-Identifier: BSD-3-Clause
"""Training, by the program `train`: a process of its own, so that it can be stopped at any time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Union

from fenlei import _fenlei

StrPath = Union[str, "os.PathLike[str]"]

_PROGRESS = re.compile(rb"training: (\d+) of (\d+)")


def _program() -> str:
    """`train` of the tree that this was built in, else of where it is installed."""
    folders = [parent / "bin" for parent in Path(__file__).resolve().parents[3:5]]
    for folder in [*folders, Path(_fenlei.programs)]:
        if (folder / "train").is_file():
            return str(folder / "train")
    raise _fenlei.Error(f"{_fenlei.programs}/train: the program that trains is not there")


def train(
    corpus: StrPath | Sequence[StrPath],
    model: StrPath,
    *,
    topics: StrPath | None = None,
    progress: Callable[[int, int], Any] | None = None,
    options: Sequence[str] = (),
) -> str:
    """Trains a model on files of records or folders, as the program `train` does, and writes it.

    `topics` is a file that gives the topics their order and names. `progress` is called with how
    many steps are done, and of how many. `options` are those of train(1), as
    ["--ngrams", "1-2", "--min-df", "2"]. Gives back what `train` prints.

    Error, in the words of `train`, when it fails: a model that is there stays then as it was. So it
    does on Ctrl-C, or when `progress` raises: the training is ended.
    """
    files = [corpus] if isinstance(corpus, (str, os.PathLike)) else list(corpus)
    command = [_program(), *options, "-o", os.fspath(model)]
    if topics is not None:
        command += ["--topics", os.fspath(topics)]
    if progress is not None:
        command.append("--progress")
    command += ["--", *(os.fspath(file) for file in files)]
    # In a group of its own: a Ctrl-C reaches this process alone, which ends the training.
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        # Messages in English, whatever the locale.
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert process.stdout is not None
    words = bytearray()
    try:
        with process.stdout as output:
            # What is there, lines that end in \r as well.
            while piece := os.read(output.fileno(), 1 << 16):
                words += piece
                steps = _PROGRESS.findall(words[words.rfind(b"\n", 0, -1) + 1 :]) if progress else []
                if progress is not None and steps:
                    progress(int(steps[-1][0]), int(steps[-1][1]))
        status = process.wait()
    except BaseException:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    lines = words.decode("utf-8", "surrogateescape").splitlines()
    text = "\n".join(line.strip() for line in lines if line.strip() and not line.startswith("training"))
    if status != 0:
        raise _fenlei.Error(text or f"train ended with status {status}")
    return text
