# SPDX-License-Identifier: BSD-3-Clause
"""Labels newspaper articles with topics.

    import fenlei

    model = fenlei.Model()
    for article in model.page("page.txt"):
        print(article.title, [label.name for label in article.labels])

A model does not change once it is open, and any number of threads may share it. Errors of the library
and of the trainer are fenlei.Error, with the words that the programs print; a file that cannot be read
is an OSError, an argument of a wrong type a TypeError.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, NamedTuple, overload

from fenlei import _fenlei
from fenlei._fenlei import Error
from fenlei._train import train

__all__ = ["Article", "Error", "Label", "Model", "Page", "Phrase", "Place", "Topic", "Why", "train"]
__version__ = _fenlei.version

_NO_PROBABILITY = float("nan")  # the model's own thresholds


class Topic(NamedTuple):
    """A topic of a model.

    name: the id where the model was trained without names.
    threshold: the score from which it is given.
    """

    id: str
    name: str
    threshold: float


class Label(NamedTuple):
    """What a model says about one topic of an article.

    topic: the topic's id.
    score: its decision value.
    probability: 0 to 1; None when the model has none.
    given: the score is at or above the threshold.
    """

    topic: str
    name: str
    score: float
    probability: float | None
    given: bool


class Place(NamedTuple):
    """Bytes [start, end) of the page as it was given; of a record, of its title or text in UTF-8.

    In the article they are bytes [from_, to) of its title or of its text, in UTF-8.

    in_title: of a record, start and end are in its title.
    is_headline: from_ and to are in the article's title, not in its text.
    """

    start: int
    end: int
    in_title: bool
    is_headline: bool
    from_: int
    to: int


class Phrase(NamedTuple):
    """A piece of an article that speaks for a topic, or, with a share below 0, against it.

    text: its letters as they are compared, folded and without spaces.
    """

    text: str
    share: float
    places: list[Place]


class Why(NamedTuple):
    """A score taken apart: bias and all shares add up to it.

    phrases: by falling size of the share; no two overlap.
    """

    bias: float
    score: float
    phrases: list[Phrase]


class Article:
    """An article and its labels. Nothing in it changes.

    text: the body, broken sentences joined.
    lines: its first and last line, counted from 1; None for a record.
    parts: the pieces of an article that another one interrupts, as such pairs of lines.
    review: why a person should look at it, "near-threshold" and so on; None where there is no reason.
    id: the record's "id".
    """

    __slots__ = ("title", "byline", "text", "lines", "parts", "review", "id", "_topics", "_found", "_scores", "_explain")

    title: str
    byline: str
    text: str
    lines: tuple[int, int] | None
    parts: list[tuple[int, int]]
    review: str | None
    id: Any

    def __init__(self, model: Model, result: tuple[Any, ...], explain: Any, id: Any = None) -> None:
        self.title, self.byline, self.text, self.lines, self.parts, found, self.review = result
        self.id = id
        self._topics = model.topics
        self._found: Sequence[tuple[int, float, float | None, bool]] = found or ()
        self._scores: tuple[Label, ...] | None = None  # made when they are asked for
        self._explain = explain

    def _label(self, found: tuple[int, float, float | None, bool]) -> Label:
        topic, score, probability, given = found
        return Label(self._topics[topic].id, self._topics[topic].name, score, probability, given)

    @property
    def scores(self) -> tuple[Label, ...]:
        """What the model says about every topic, the most probable first; empty for what is no article."""
        if self._scores is None:
            self._scores = tuple(map(self._label, self._found))
        return self._scores

    @property
    def labels(self) -> list[Label]:
        """The labels that are given, the most probable first; may be empty."""
        return [self._label(found) for found in self._found if found[3]]

    @property
    def probabilities(self) -> dict[str, float | None]:
        """The probability of every topic, by its id."""
        return {self._topics[topic].id: probability for topic, _, probability, _ in self._found}

    def why(self, topic: str) -> Why:
        """Why a topic, given by its id or its name, has the score it has.

        The article is labelled once more for it, so that articles keep no memory of the model's.
        Error for a topic that the model does not know, and for what is not an article.
        """
        bias, score, phrases = self._explain(topic)
        return Why(
            bias,
            score,
            [Phrase(text, share, [Place(*place) for place in places]) for text, share, places in phrases],
        )

    def __repr__(self) -> str:
        return f"<fenlei.Article {self.title!r} {[label.topic for label in self.labels]}>"


class Page(Sequence[Article]):
    """The articles of a page in the order of their first lines, and how its bytes were read.

    substitutions: invalid sequences replaced by U+FFFD, the first in line substitutions_line, or 0.
    other_lines: lines in another encoding than the page's, read in it; the first is other_line, or 0.
    other_encoding: that of other_line; None where there is none.
    """

    __slots__ = (
        "_articles",
        "encoding",
        "substitutions",
        "substitutions_line",
        "other_encoding",
        "other_lines",
        "other_line",
    )

    encoding: str
    substitutions: int
    substitutions_line: int
    other_encoding: str | None
    other_lines: int
    other_line: int

    def __init__(self, articles: list[Article], how: tuple[Any, ...]) -> None:
        self._articles = articles
        (
            self.encoding,
            self.substitutions,
            self.substitutions_line,
            self.other_encoding,
            self.other_lines,
            self.other_line,
        ) = how

    @overload
    def __getitem__(self, index: int) -> Article: ...
    @overload
    def __getitem__(self, index: slice) -> list[Article]: ...
    def __getitem__(self, index: int | slice) -> Article | list[Article]:
        return self._articles[index]

    def __len__(self) -> int:
        return len(self._articles)


class Model(_fenlei.Model):
    """A model file, read and verified whole; the shipped one without a path.

    Error for a file that is no usable model, or cannot be read.
    """

    topics: tuple[Topic, ...]

    def __init__(self, path: str | bytes | os.PathLike[Any] | None = None) -> None:
        self.topics = tuple(Topic(*topic) for topic in self._topics())
        self._numbers = {topic.name: i for i, topic in enumerate(self.topics)}
        self._numbers.update((topic.id, i) for i, topic in enumerate(self.topics))

    @property
    def card(self) -> dict[str, Any]:
        """Settings, hash of the training data and published scores."""
        card: dict[str, Any] = json.loads(self._card())
        return card

    def page(
        self,
        page: str | os.PathLike[Any] | bytes | bytearray | memoryview,
        *,
        encoding: str | None = None,
        whole: bool = False,
        probability: float | None = None,
    ) -> Page:
        """The articles of a text or a newspaper page: the path of a file, or its bytes.

        The encoding is found out unless it is named. `whole` takes the page as one article;
        `probability`, from 0 to 1, is one threshold for all topics in place of the model's own.
        OSError for a file that cannot be read, Error for bytes or options that cannot be used.
        """
        if isinstance(page, (str, os.PathLike)):
            with open(page, "rb") as file:
                content = file.read()
        else:
            content = memoryview(page).tobytes()
        threshold = _NO_PROBABILITY if probability is None else probability
        articles, *how = self._page(content, encoding, whole, threshold, -1, 0)

        def explain(i: int) -> Any:
            return lambda topic: self._page(content, encoding, whole, threshold, i, self._number(topic))

        return Page([Article(self, result, explain(i)) for i, result in enumerate(articles)], tuple(how))

    def record(self, text: str, title: str = "", *, probability: float | None = None, id: Any = None) -> Article:
        """One article, given as its text and its headline, which may be empty."""
        threshold = _NO_PROBABILITY if probability is None else probability
        return Article(
            self,
            self._record(title, text, threshold, -1, 0),
            lambda topic: self._record(title, text, threshold, 0, self._number(topic)),
            id,
        )

    def records(
        self, records: Iterable[Mapping[str, Any]], *, threads: int = 1, probability: float | None = None
    ) -> Iterator[Article]:
        """Labels {"text": ..., "title": ..., "id": ...}, one article a record, in their order.

        Title and id may be missing; other keys are passed over. A record is read when it is needed:
        with several threads at most 64 a thread ahead of the one that is given back. A record that
        cannot be used is an Error that names its number, and the end; so is an exception of the
        iterable's own. What came before is given back first.
        """
        if threads < 1:
            raise ValueError(f"threads: {threads} is less than 1")
        return self._records(records, threads, probability)

    def _records(
        self, records: Iterable[Mapping[str, Any]], threads: int, probability: float | None
    ) -> Iterator[Article]:
        threshold = _NO_PROBABILITY if probability is None else probability

        def texts_of(number: int, record: Mapping[str, Any]) -> tuple[str, str]:
            if not isinstance(record, Mapping):
                raise Error(f"record {number}: it is a {type(record).__name__}, not a mapping")
            text, title = record.get("text"), record.get("title") or ""
            if not isinstance(text, str) or not isinstance(title, str):
                raise Error(f'record {number}: its "text" and "title" are not both strings')
            return title, text

        def label(number: int, record: Mapping[str, Any]) -> Article:
            title, text = texts_of(number, record)
            try:
                return self.record(text, title, probability=probability, id=record.get("id"))
            except (Error, UnicodeError) as error:
                raise Error(f"record {number}: {error}") from error

        numbered = enumerate(records, 1)
        if threads == 1:
            for number, record in numbered:
                yield label(number, record)
            return

        def article(title: str, text: str, found: Any, review: str | None, id: Any) -> Article:
            return Article(
                self,
                (title, "", text, None, [], found, review),
                lambda topic: self._record(title, text, threshold, 0, self._number(topic)),
                id,
            )

        def label_each(some: list[tuple[int, Mapping[str, Any]]]) -> tuple[list[Article], Error | None]:
            made = []
            for number, record in some:
                try:
                    made.append(label(number, record))
                except Error as error:
                    return made, error
            return made, None

        # The interpreter's lock is given up once for all of them; where one cannot be used, a walk
        # through them tells which.
        def label_some(some: list[tuple[int, Mapping[str, Any]]]) -> tuple[list[Article], Error | None]:
            try:
                texts = tuple(texts_of(number, record) for number, record in some)
                results = self._many(texts, threshold)
            except (Error, UnicodeError):
                return label_each(some)
            return [
                article(title, text, found, review, record.get("id"))
                for (title, text), (found, review), (_, record) in zip(texts, results, some)
            ], None

        waiting: deque[Future[tuple[list[Article], Error | None]]] = deque()
        fault: Exception | None = None
        workers = ThreadPoolExecutor(threads, "fenlei")
        try:
            while True:
                some: list[tuple[int, Mapping[str, Any]]] = []
                try:
                    for item in islice(numbered, 32 if fault is None else 0):
                        some.append(item)
                except Exception as error:
                    fault = error
                if some:
                    waiting.append(workers.submit(label_some, some))
                if not waiting:
                    break
                if not some or len(waiting) >= 2 * threads:
                    made, error_of_record = waiting.popleft().result()
                    yield from made
                    if error_of_record is not None:
                        raise error_of_record
            if fault is not None:
                raise fault
        finally:
            workers.shutdown(wait=True, cancel_futures=True)

    def _number(self, topic: str) -> int:
        try:
            return self._numbers[topic]
        except KeyError:
            raise Error(f"{topic}: the model has no such topic") from None
