/* SPDX-License-Identifier: BSD-3-Clause */
/* What the generated folding table says of a character; shared by fold.c and fold_generate.c. */
#ifndef LABEL_FOLD_CLASS_H
#define LABEL_FOLD_CLASS_H

enum fold_class {
    FOLD_LETTER = 1, /* letter, mark or number: part of a run */
    FOLD_SPACE = 2,
    FOLD_CJK = 4,    /* of a script written without spaces: Han, kana, bopomofo */
    FOLD_STARTS = 8, /* never combines with the character before it */
    FOLD_STAYS = 16  /* above U+FFFF: folds to itself */
};

/* In place of a folded character. Neither is a character that folding can yield. */
enum { FOLD_VANISHES = 0xFFFE, FOLD_EXPANDS = 0xFFFF };

#endif
