# SPDX-License-Identifier: BSD-3-Clause
"""Training: the same model as the program's, progress, errors, Ctrl-C; and the classifier of scikit-learn."""

import os
import pickle
import signal
import subprocess
import unittest

import fenlei
import pytest

TINY = "tests/data/tiny.jsonl"


def test_the_same_as_train(tmp_path):
    steps = []
    fenlei.train(TINY, tmp_path / "a", options=["--seed", "3"], progress=lambda done, of: steps.append((done, of)))
    subprocess.run(["bin/train", "--seed", "3", "-o", tmp_path / "b", TINY], check=True, capture_output=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert steps and steps == sorted(steps) and steps[-1][0] == steps[-1][1]
    assert fenlei.Model(tmp_path / "a").record("法院开庭").scores


def test_errors(tmp_path):
    model = tmp_path / "m"
    with pytest.raises(fenlei.Error, match="nothing.jsonl: cannot open it: No such file"):
        fenlei.train("nothing.jsonl", model)
    with pytest.raises(fenlei.Error, match="--seed"):
        fenlei.train([TINY], model, options=["--seed", "x"])
    assert not model.exists()


def test_a_training_ends(tmp_path):
    """When its caller ends it: what was raised comes out, and nothing is left."""

    def stop(done, of):
        raise LookupError("enough")

    with pytest.raises(LookupError):
        fenlei.train(TINY, tmp_path / "m", progress=stop)

    def interrupt(done, of):
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        fenlei.train(TINY, tmp_path / "m", progress=interrupt)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


# ---- scikit-learn ----

COURT = ["法院公开开庭审理案件", "法官宣读判决书", "法庭调解借款纠纷", "合议庭择日宣判", "法官查封车辆执结", "审判庭里原告被告"]
ROAD = ["公路塌方正在抢修", "村道硬化工程完工", "桥梁加固路面平整", "养路工清扫落石", "货车超载损坏道路", "隧道照明更换灯具"]


@pytest.fixture
def classifier():
    pytest.importorskip("sklearn", reason="scikit-learn (python3-sklearn) is not installed: FenleiClassifier is untested")
    from fenlei.sklearn import FenleiClassifier

    return FenleiClassifier


def test_classes(classifier):
    y = ["court"] * 6 + ["road"] * 6
    fitted = classifier().fit(COURT + ROAD, y)
    assert list(fitted.classes_) == ["court", "road"]
    assert list(fitted.predict(["法官开庭审理", "公路抢修完工"])) == ["court", "road"]
    assert fitted.decision_function(COURT).shape == (6,)
    chances = fitted.predict_proba(COURT + ROAD)
    assert chances.shape == (12, 2) and abs(chances.sum(axis=1) - 1).max() < 1e-12
    assert (fitted.classes_[chances.argmax(axis=1)] == fitted.predict(COURT + ROAD)).all()
    assert fitted.score(COURT + ROAD, y) > 0.9
    again = pickle.loads(pickle.dumps(fitted))
    assert (again.decision_function(ROAD) == fitted.decision_function(ROAD)).all()


def test_many_topics(classifier):
    y = [[1, 0]] * 6 + [[0, 1]] * 6
    fitted = classifier(threads=2).fit(COURT + ROAD, y)
    assert fitted.predict(COURT + ROAD).shape == (12, 2)
    assert fitted.decision_function(COURT).shape == fitted.predict_proba(COURT).shape == (6, 2)


def test_with_scikit_learn(classifier):
    from sklearn.base import clone
    from sklearn.model_selection import GridSearchCV

    search = GridSearchCV(clone(classifier()), {"options": [["-C", "1"], ["-C", "2"]]}, cv=2)
    assert search.fit(COURT + ROAD, [0] * 6 + [1] * 6).best_score_ > 0.5


def test_check_estimator(classifier):
    """scikit-learn's checks give numbers: here each number becomes letters."""
    import warnings

    from sklearn.utils.estimator_checks import check_estimator
    from sklearn.utils.validation import check_array, check_X_y

    class Spelled(classifier):
        def _more_tags(self):
            return {"X_types": ["2darray"]}

        def _spell(self, X):
            X = check_array(X)
            if X.shape[1] != getattr(self, "n_features_in_", X.shape[1]):
                raise ValueError(
                    f"X has {X.shape[1]} features, but Spelled is expecting {self.n_features_in_} features as input"
                )
            return [" ".join(chr(0x4E00 + 500 * k + int(v * 10) % 500) * 2 for k, v in enumerate(row)) for row in X]

        def fit(self, X, y=None):
            if y is not None:
                X, y = check_X_y(X, y, multi_output=True)
            self.n_features_in_ = X.shape[1]
            return super().fit(self._spell(X), y)

        def _each(self, X, what):
            from sklearn.utils.validation import check_is_fitted

            check_is_fitted(self)
            return super()._each(self._spell(X), what)

    Spelled.__qualname__ = "Spelled"  # where pickle finds it
    globals()["Spelled"] = Spelled
    failures = []
    passed = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for estimator, check in check_estimator(Spelled(), generate_only=True):
            name = check.func.__name__
            try:
                check(estimator)
                passed += 1
            except unittest.SkipTest:  # for want of another package
                pass
            except Exception as error:  # noqa: BLE001
                failures.append(f"{name}: {type(error).__name__}: {error}")
    assert not failures, "\n".join(failures)
    assert passed > 20
