-- A store as the desk of version 0.2.0 left it. build/tests/test_store opens one of each version that
-- shipped: what is here never changes; a new version adds a file.
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE topic (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, is_retired INTEGER NOT NULL DEFAULT 0, merged_into INTEGER REFERENCES topic);
CREATE TABLE file (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, size INTEGER NOT NULL, received INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE article (id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES file, state INTEGER NOT NULL, version INTEGER NOT NULL, model INTEGER NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, day TEXT NOT NULL, paper TEXT NOT NULL, review TEXT NOT NULL, doubt REAL NOT NULL, judged_at INTEGER, given TEXT NOT NULL, judged TEXT, sketch BLOB NOT NULL, title TEXT NOT NULL, byline TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX article_of_file ON article (file, first_line, id);
CREATE INDEX article_of_day ON article (day, id);
CREATE INDEX article_of_paper ON article (paper, id) WHERE paper <> '';
CREATE INDEX article_to_review ON article (review, id) WHERE review <> '';
CREATE INDEX article_in_doubt ON article (doubt, id) WHERE judged IS NULL AND state = 0;
CREATE INDEX article_judged ON article (judged_at, id) WHERE judged IS NOT NULL;
CREATE TABLE label (topic INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES article, day TEXT NOT NULL, paper TEXT NOT NULL, PRIMARY KEY (topic, article)) WITHOUT ROWID;
CREATE INDEX label_of_day ON label (topic, day, article);
CREATE INDEX label_of_paper ON label (paper, topic);
CREATE TABLE correction (id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES article, at INTEGER NOT NULL, who TEXT NOT NULL, kind INTEGER NOT NULL, detail TEXT NOT NULL, undone_by INTEGER REFERENCES correction);
CREATE INDEX correction_of_article ON correction (article, id);
CREATE TABLE snapshot (correction INTEGER NOT NULL REFERENCES correction, article INTEGER NOT NULL REFERENCES article, version INTEGER NOT NULL, state INTEGER NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, review TEXT NOT NULL, doubt REAL NOT NULL, judged_at INTEGER, given TEXT NOT NULL, judged TEXT, sketch BLOB NOT NULL, title TEXT NOT NULL, byline TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (correction, article)) WITHOUT ROWID;
CREATE INDEX snapshot_of_article ON snapshot (article, correction);
CREATE TABLE model (id INTEGER PRIMARY KEY, made INTEGER NOT NULL, file TEXT NOT NULL, state INTEGER NOT NULL, detail TEXT NOT NULL, comparison TEXT NOT NULL);
CREATE VIRTUAL TABLE search USING fts5 (title, text, content = 'article', content_rowid = 'id', tokenize = 'bigrams');

INSERT INTO setting VALUES ('key', '0123456789abcdef0123456789abcdef');
INSERT INTO topic VALUES (1, 'anti-gang', '扫黑除恶', 0, NULL), (2, 'party-building', '党建', 0, NULL),
 (3, 'party', '党务', 0, 2);
INSERT INTO file VALUES (1, x'00112233445566778899aabbccddeeff', 'a.txt', 120, 1700000000, '');
INSERT INTO article VALUES
 (1, 1, 0, 2, 1, 1, 3, '2020-03-17', '平安报', 'near-threshold', 0.9, 1700000100, '1:0.9000', '1 2', x'',
  '扫黑除恶推进会召开', '本报记者', '昨天,市里召开会议。'),
 (2, 1, 0, 1, 1, 5, 7, '2020-03-17', '平安报', '', 0.1, NULL, '2:0.8000', NULL, x'', '党员大会', '',
  '支部召开党员大会。');
INSERT INTO label VALUES (1, 1, '2020-03-17', '平安报'), (2, 1, '2020-03-17', '平安报'),
 (2, 2, '2020-03-17', '平安报');
INSERT INTO correction VALUES (1, 1, 1700000100, '甲', 0, '+2', NULL);
INSERT INTO snapshot VALUES (1, 1, 1, 0, 1, 3, 'near-threshold', 0.9, NULL, '1:0.9000', NULL, x'',
 '扫黑除恶推进会召开', '本报记者', '昨天,市里召开会议。');
INSERT INTO model VALUES (1, 1700000000, 'kept', 0, 'shipped', '');
INSERT INTO search (search) VALUES ('rebuild');
PRAGMA application_id = 1181052492;
PRAGMA user_version = 1;
