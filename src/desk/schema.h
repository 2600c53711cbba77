/* SPDX-License-Identifier: BSD-3-Clause */
/* The schema of the store: SCHEMA_STEPS[v] makes version v + 1 of version v. A step that shipped is
 * never changed. Included by database.c alone.
 *
 * An article is text and the two sets of labels: `given` by the model, as "topic:probability ...",
 * and `judged` by a person, as "topic ..."; NULL: nobody did yet. `label` holds the set that
 * counts, a person's where there is one. Each change of an article raises its version and leaves a
 * correction, with a snapshot of every article as it was before. */
#ifndef DESK_SCHEMA_H
#define DESK_SCHEMA_H

static const char *const SCHEMA_STEPS[] = {
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"

    "CREATE TABLE topic (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " is_retired INTEGER NOT NULL DEFAULT 0, merged_into INTEGER REFERENCES topic);"

    "CREATE TABLE file (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL,"
    " size INTEGER NOT NULL, received INTEGER NOT NULL, note TEXT NOT NULL);"

    "CREATE TABLE article (id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES file,"
    " state INTEGER NOT NULL, version INTEGER NOT NULL, model INTEGER NOT NULL,"
    " first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, day TEXT NOT NULL,"
    " paper TEXT NOT NULL, review TEXT NOT NULL, doubt REAL NOT NULL, judged_at INTEGER,"
    " given TEXT NOT NULL, judged TEXT, sketch BLOB NOT NULL, title TEXT NOT NULL,"
    " byline TEXT NOT NULL, text TEXT NOT NULL);"
    "CREATE INDEX article_of_file ON article (file, first_line, id);"
    "CREATE INDEX article_of_day ON article (day, id);"
    "CREATE INDEX article_of_paper ON article (paper, id) WHERE paper <> '';"
    "CREATE INDEX article_to_review ON article (review, id) WHERE review <> '';"
    "CREATE INDEX article_in_doubt ON article (doubt, id) WHERE judged IS NULL AND state = 0;"
    "CREATE INDEX article_judged ON article (judged_at, id) WHERE judged IS NOT NULL;"

    "CREATE TABLE label (topic INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES article,"
    " day TEXT NOT NULL, paper TEXT NOT NULL, PRIMARY KEY (topic, article)) WITHOUT ROWID;"
    "CREATE INDEX label_of_day ON label (topic, day, article);"
    "CREATE INDEX label_of_paper ON label (paper, topic);"

    "CREATE TABLE correction (id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES article,"
    " at INTEGER NOT NULL, who TEXT NOT NULL, kind INTEGER NOT NULL, detail TEXT NOT NULL,"
    " undone_by INTEGER REFERENCES correction);"
    "CREATE INDEX correction_of_article ON correction (article, id);"

    "CREATE TABLE snapshot (correction INTEGER NOT NULL REFERENCES correction,"
    " article INTEGER NOT NULL REFERENCES article, version INTEGER NOT NULL,"
    " state INTEGER NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,"
    " review TEXT NOT NULL, doubt REAL NOT NULL, judged_at INTEGER, given TEXT NOT NULL,"
    " judged TEXT, sketch BLOB NOT NULL, title TEXT NOT NULL, byline TEXT NOT NULL,"
    " text TEXT NOT NULL, PRIMARY KEY (correction, article)) WITHOUT ROWID;"
    "CREATE INDEX snapshot_of_article ON snapshot (article, correction);"

    "CREATE TABLE model (id INTEGER PRIMARY KEY, made INTEGER NOT NULL, file TEXT NOT NULL,"
    " state INTEGER NOT NULL, detail TEXT NOT NULL, comparison TEXT NOT NULL);"

    "CREATE VIRTUAL TABLE search USING fts5 (title, text, content = 'article',"
    " content_rowid = 'id', tokenize = 'bigrams');",
};

#endif
