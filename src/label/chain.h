/* SPDX-License-Identifier: BSD-3-Clause */
/* A linear-chain conditional random field over the lines of a page (Lafferty, McCallum, Pereira,
 * ICML 2001), as GROBID, ParsCit and crfsuite use one: which role each line has, found for all of
 * the page at once, with the probability of what matters.
 *
 * A page has a style s, which no line changes, and its lines have roles r. Both together have the
 * score  sum over lines i of  sum over features f of line i of  weight[f][r(i)] +
 * transition[s][gap(i)][r(i - 1)][r(i)];  their probability is exp(score) over the sum of all
 * others', among which those that role.h says cannot be have none. */
#ifndef LABEL_CHAIN_H
#define LABEL_CHAIN_H

#include "label/cues.h"
#include "label/role.h"

/* The weights of a feature, in units of the chain's scale; one in two cache lines at most. */
struct chain_row {
    uint32_t fingerprint; /* of the feature; 0: no feature is here */
    int16_t weight[N_ROLES];
};

/* What stands before the rows in a model file. */
struct chain_head {
    uint32_t n_roles; /* N_ROLES */
    uint32_t bits;    /* there are 2^bits rows */
    float scale;      /* of the rows' weights */
    uint32_t version; /* of cues.c, CHAIN_VERSION */
    struct chain_style {
        float begin[N_ROLES]; /* for the first line's role */
        float end[N_ROLES];   /* for the last one's */
        float transition[GAPS][N_ROLES][N_ROLES];
    } style[N_STYLES];
};

/* Raised when the features change. */
enum { CHAIN_VERSION = 6 };

/* A view of weights that somebody else owns; all zero is none. */
struct chain {
    const struct chain_head *head;
    const struct chain_row *rows; /* [2^bits] open addressing, linear probing */
};

/* Which row a feature's search begins at, and what it is known by there. */
static inline uint32_t chain_bucket(uint64_t feature, uint32_t bits)
{
    return (uint32_t)(feature >> (64 - bits));
}

static inline uint32_t chain_fingerprint(uint64_t feature)
{
    return (uint32_t)feature | 1;
}

/* Points *chain at its parts in `bytes` (aligned to 64), checking every size and number; false
 * where they contradict one another. No bytes are no chain. */
bool chain_view(struct chain *chain, const void *bytes, size_t size);

/* Were they learned with other features than those of this cues.c? Then they mean nothing here. */
bool chain_is_foreign(const void *bytes, size_t size);

/* The numbers of all roles, and zeros behind them, fill registers of any width. */
enum { CHAIN_LANES = 16 };
_Static_assert((int)N_ROLES <= (int)CHAIN_LANES, "a lane for each role");

/* What decoding takes. */
struct chain_scratch {
    struct cues cues;
    struct transitions *transitions; /* [N_STYLES] or NULL */
    float *potential, *forward;      /* [n][CHAIN_LANES], [N_STYLES][n][CHAIN_LANES] */
    uint8_t *back;                   /* [n][CHAIN_LANES] */
    size_t potential_capacity, forward_capacity, back_capacity;
};

/* Gives each line its role and probabilities. With `whole`, all lines are of one article. False
 * when memory runs out. */
bool chain_decode(const struct chain *chain, struct chain_scratch *scratch, struct lines *lines,
                  bool whole);

size_t chain_memory(const struct chain_scratch *scratch);
void chain_release(struct chain_scratch *scratch);

#endif
