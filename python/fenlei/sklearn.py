# SPDX-License-Identifier: BSD-3-Clause
"""FenleiClassifier, a classifier of texts for scikit-learn, which this module alone needs.

scikit-learn's check_estimator gives every estimator matrices of numbers, and runs next to nothing on
one that says it takes strings, as this one does. So the project's tests spell each number as
letters before fit and predict, and run the checks of a classifier of numbers: all of them pass that
apply. What a classifier of numbers has to do with its matrix (NaN, infinity, sparse and complex
matrices, the number of columns) is done there by the spelling, and says nothing about this class:
texts have no columns, and what is no string is a ValueError here.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d

from fenlei import Error, Model, train


class FenleiClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Trains a model of its own on texts.

    X is a sequence of n_samples strings. y is one class a text, or, for texts with any number of
    topics, a matrix of zeros and ones, shape (n_samples, n_classes). `options` are those of
    train(1), `threads` how many label at the same time.

    After fit: classes_, shape (n_classes,), the classes in rising order, or the numbers of the
    columns; model_, the bytes of the model file, so that an estimator can be pickled.
    """

    def __init__(self, options: Sequence[str] = (), threads: int = 1) -> None:
        self.options = options
        self.threads = threads

    def _more_tags(self) -> dict[str, Any]:
        return {"X_types": ["string"], "multilabel": True, "requires_y": True}

    def fit(self, X: Iterable[str], y: Any) -> FenleiClassifier:
        """Trains on texts and their classes. ValueError for shapes that do not fit, Error else."""
        texts = _texts(X)
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        targets = np.asarray(y)
        check_classification_targets(targets)
        if len(targets) != len(texts):
            raise ValueError(f"{len(texts)} texts, but {len(targets)} targets")
        self.multilabel_ = type_of_target(targets) == "multilabel-indicator"
        if self.multilabel_:
            self.classes_ = np.arange(targets.shape[1])
            labels = [[f"c{k}" for k in np.flatnonzero(row)] for row in targets]
        else:
            self.classes_, numbers = np.unique(column_or_1d(targets, warn=True), return_inverse=True)
            if len(self.classes_) < 2:
                raise ValueError("one class only: there is nothing to tell apart")
            labels = [[f"c{k}"] for k in numbers]
        with tempfile.TemporaryDirectory(prefix="fenlei-") as folder:
            corpus, topics, model = (Path(folder, name) for name in ("corpus.jsonl", "topics.json", "model"))
            with open(corpus, "w", encoding="utf-8") as file:
                for text, given in zip(texts, labels):
                    file.write(json.dumps({"text": text, "labels": given}) + "\n")
            names = [{"id": f"c{k}", "name": f"c{k}"} for k in range(len(self.classes_))]
            topics.write_text(json.dumps(names), encoding="utf-8")
            train(corpus, model, topics=topics, options=list(self.options))
            self.model_ = model.read_bytes()
        self._opened = _open(self.model_)
        return self

    def decision_function(self, X: Iterable[str]) -> Any:
        """Decision values, shape (n_samples, n_classes); (n_samples,) of the second of two classes."""
        check_is_fitted(self)
        scores = self._each(X, lambda label: label.score)
        if self.multilabel_ or len(self.classes_) != 2:
            return scores
        return scores[:, 1] - scores[:, 0]

    def predict_proba(self, X: Iterable[str]) -> Any:
        """Probabilities, shape (n_samples, n_classes).

        With one class a text each row adds up to 1; of many topics each has its own. Error for a
        model without probabilities (options=["--folds", "0"]).
        """
        check_is_fitted(self)
        found = self._each(X, lambda label: np.nan if label.probability is None else label.probability)
        if np.isnan(found).any():
            raise Error("the model has no probabilities: it was trained with --folds 0")
        if self.multilabel_:
            return found
        # As the classes are told apart by decision values, so that the most probable is the one.
        odds = np.exp(self._each(X, lambda label: label.score))
        return odds / odds.sum(axis=1, keepdims=True)

    def predict(self, X: Iterable[str]) -> Any:
        """The class of each text, shape (n_samples,), or zeros and ones, shape (n_samples, n_classes)."""
        check_is_fitted(self)
        if self.multilabel_:
            return self._each(X, lambda label: label.given).astype(int)
        scores = self._each(X, lambda label: label.score)
        return self.classes_[scores.argmax(axis=1)]

    def _each(self, X: Iterable[str], what: Any) -> Any:
        texts = _texts(X)
        found = np.zeros((len(texts), len(self.classes_)))
        records = ({"text": text} for text in texts)
        for row, article in zip(found, self._opened.records(records, threads=self.threads)):
            for label in article.scores:
                row[int(label.topic[1:])] = what(label)
        return found

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = dict(super().__getstate__())
        state.pop("_opened", None)  # the bytes of the file are there
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "model_" in state:
            self._opened = _open(self.model_)


def _open(content: bytes) -> Model:
    with tempfile.NamedTemporaryFile(prefix="fenlei-") as file:
        file.write(content)
        file.flush()
        return Model(file.name)


def _texts(X: Any) -> list[str]:
    if isinstance(X, str) or not isinstance(X, Iterable):
        raise ValueError("X is to be a sequence of strings")
    texts = list(X)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"X[{i}] is a {type(text).__name__}, not a string")
    if not texts:
        raise ValueError("X is empty: at least one text is wanted")
    return [str(text) for text in texts]
