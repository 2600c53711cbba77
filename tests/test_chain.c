/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/chain.h"
#include "test.h"
#include "train/chain_training.h"

#include <math.h>

/* ---- a chain with weights of chance, against all sequences one by one ---- */

enum { LINES = 4, BITS = 4 };

static _Alignas(64) struct {
    struct chain_head head;
    _Alignas(64) struct chain_row rows[1 << BITS];
} weights;

static uint32_t random_state;

static float draw(void)
{
    random_state = random_state * 1664525 + 1013904223;
    return (float)(random_state >> 8) / (float)(1 << 24) * 4 - 2;
}

static void fill_weights(uint32_t seed, const struct lines *lines, const struct cues *cues)
{
    uint64_t features[CUES_MOST];
    random_state = seed;
    memset(&weights, 0, sizeof weights);
    weights.head = (struct chain_head){
        .n_roles = N_ROLES, .bits = BITS, .scale = 1e-3F, .version = CHAIN_VERSION};
    float *values = &weights.head.style[0].begin[0];
    for (size_t i = 0; i < sizeof weights.head.style / (sizeof *values); i++)
        values[i] = draw();
    for (size_t i = 0; i < lines->n; i++) { /* one feature of each line */
        size_t n = cues_of(cues, lines, i, features);
        uint64_t feature = features[(seed + i) % n];
        struct chain_row *row = &weights.rows[chain_bucket(feature, BITS)];
        while (row->fingerprint != 0 && row->fingerprint != chain_fingerprint(feature))
            row = row + 1 < weights.rows + (1 << BITS) ? row + 1 : weights.rows;
        row->fingerprint = chain_fingerprint(feature);
        for (int role = 0; role < N_ROLES; role++)
            row->weight[role] = (int16_t)(draw() * 1000);
    }
}

/* The weight of role `role` at line i, by a search of all rows. */
static double potential(const struct lines *lines, const struct cues *cues, size_t i, int role)
{
    uint64_t features[CUES_MOST];
    double sum = 0;
    size_t n = cues_of(cues, lines, i, features);
    for (size_t k = 0; k < n; k++)
        for (size_t row = 0; row < 1 << BITS; row++)
            if (weights.rows[row].fingerprint == chain_fingerprint(features[k]))
                sum += weights.rows[row].weight[role] * 1e-3;
    return sum;
}

struct sums {
    double all, begins[LINES], titles[LINES], best;
    int best_roles[LINES];
};

static void add_sequence(struct sums *sums, const int *roles, double score)
{
    double weight = exp(score);
    sums->all += weight;
    for (int i = 0; i < LINES; i++) {
        bool begins = i == 0 || role_begins((enum role)roles[i - 1], (enum role)roles[i]);
        sums->begins[i] += begins ? weight : 0;
        sums->titles[i] += role_is_title((enum role)roles[i]) ? weight : 0;
    }
    if (score > sums->best) {
        sums->best = score;
        memcpy(sums->best_roles, roles, sizeof sums->best_roles);
    }
}

static void try_all(struct sums *sums, double potentials[LINES][N_ROLES], const unsigned *gaps,
                    int style, int i, int *roles, double score)
{
    const struct chain_style *own = &weights.head.style[style];
    if (i == LINES) {
        add_sequence(sums, roles, score + (double)own->end[roles[LINES - 1]]);
        return;
    }
    for (int role = 0; role < N_ROLES; role++) {
        bool may = i == 0 ? role_may_begin_page((enum role)role)
                          : role_may_follow((enum role)roles[i - 1], (enum role)role);
        if (!may)
            continue;
        double step = i == 0 ? (double)own->begin[role]
                             : (double)own->transition[gaps[i]][roles[i - 1]][role];
        roles[i] = role;
        try_all(sums, potentials, gaps, style, i + 1, roles, score + step + potentials[i][role]);
    }
}

static void decoding_equals_trying_all_sequences(void **state)
{
    (void)state;
    struct lines lines = {0};
    struct cues cues = {0};
    struct chain_scratch scratch = {0};
    assert_true(lines_read(
        &lines, text_of("甲县开会\n\n周黎\n本报讯 甲县昨日开会。\n\n\n又说了一句\n"), 10));
    assert_int_equal(lines.n, LINES);
    assert_true(cues_begin(&cues, &lines));
    for (uint32_t seed = 1; seed <= 8; seed++) {
        struct chain chain;
        struct sums sums = {.best = -1e300};
        double potentials[LINES][N_ROLES];
        unsigned gaps[LINES];
        int roles[LINES];
        fill_weights(seed, &lines, &cues);
        assert_true(chain_view(&chain, &weights, sizeof weights));
        assert_true(chain_decode(&chain, &scratch, &lines, false));
        for (size_t i = 0; i < LINES; i++) {
            gaps[i] = cues_gap(&cues, &lines.of[i]);
            for (int role = 0; role < N_ROLES; role++)
                potentials[i][role] = potential(&lines, &cues, i, role);
        }
        for (int style = 0; style < N_STYLES; style++)
            try_all(&sums, potentials, gaps, style, 0, roles, 0);
        for (size_t i = 0; i < LINES; i++) {
            assert_int_equal(lines.of[i].role, sums.best_roles[i]);
            assert_true(fabs((double)lines.of[i].begins - sums.begins[i] / sums.all) < 1e-4);
            assert_true(fabs((double)lines.of[i].is_title - sums.titles[i] / sums.all) < 1e-4);
        }
    }
    chain_release(&scratch);
    cues_release(&cues);
    lines_release(&lines);
}

static void a_whole_text_has_one_beginning(void **state)
{
    (void)state;
    struct lines lines = {0};
    struct cues cues = {0};
    struct chain_scratch scratch = {0};
    struct chain chain;
    assert_true(lines_read(&lines, text_of("甲\n乙\n丙。\n丁\n戊\n己。\n"), 10));
    assert_true(cues_begin(&cues, &lines));
    for (uint32_t seed = 1; seed <= 50; seed++) {
        fill_weights(seed, &lines, &cues);
        assert_true(chain_view(&chain, &weights, sizeof weights));
        assert_true(chain_decode(&chain, &scratch, &lines, true));
        for (size_t i = 0; i < lines.n; i++) {
            enum role role = (enum role)lines.of[i].role;
            assert_true(role != ROLE_FURNITURE && role != ROLE_SPONSOR);
            bool begins = i > 0 && role_begins((enum role)lines.of[i - 1].role, role);
            assert_true(!begins || role == ROLE_LEAD);
        }
    }
    chain_release(&scratch);
    cues_release(&cues);
    lines_release(&lines);
}

static void forged_weights_are_refused(void **state)
{
    (void)state;
    struct lines lines = {0};
    struct cues cues = {0};
    struct chain chain;
    assert_true(lines_read(&lines, text_of("甲\n乙。\n"), 10));
    assert_true(cues_begin(&cues, &lines));
    assert_true(chain_view(&chain, NULL, 0));
    assert_null(chain.head);
    fill_weights(1, &lines, &cues);
    assert_false(chain_view(&chain, &weights, sizeof weights - 64));
    assert_false(chain_view(&chain, &weights, 8));
    weights.head.bits = 40;
    assert_false(chain_view(&chain, &weights, sizeof weights));
    weights.head.bits = BITS;
    weights.head.style[1].transition[2][3][4] = NAN;
    assert_false(chain_view(&chain, &weights, sizeof weights));
    fill_weights(1, &lines, &cues);
    assert_false(chain_is_foreign(&weights, sizeof weights));
    weights.head.version++;
    assert_false(chain_view(&chain, &weights, sizeof weights));
    assert_true(chain_is_foreign(&weights, sizeof weights));
    assert_false(chain_is_foreign(&weights, 8));
    cues_release(&cues);
    lines_release(&lines);
}

/* ---- training ---- */

static void add_pages(struct page_set *set)
{
    fenlei_error error;
    for (int i = 0; i < 12; i++) {
        struct buffer page = {0};
        buffer_append_format(&page,
                             "headline\t第%d次会议召开\n\nbyline\t本报记者 周黎%d\n\n"
                             "body\t会议昨日召开，%d人出席了会议，各方都讲了话。\n\n"
                             "headline\t水库第%d次放水\n\nbyline\t本报记者 高飞\n\n"
                             "body\t水库昨日放水，下游%d个村的农田都浇上了水。\n",
                             i, i, i + 10, i, i + 3);
        assert_int_equal(page_set_add(set, (fenlei_text){page.bytes, page.size}, &error),
                         FENLEI_OK);
        buffer_release(&page);
    }
}

static void what_was_trained_reads_its_pages(void **state)
{
    (void)state;
    struct page_set set = {0};
    struct buffer one = {0}, again = {0};
    struct chain chain;
    struct chain_scratch scratch = {0};
    add_pages(&set);
    struct chain_trainer trainer = {.set = &set, .variance = 1};
    assert_int_equal(chain_train(&trainer, &one, NULL), FENLEI_OK);
    assert_int_equal(chain_train(&trainer, &again, NULL), FENLEI_OK);
    assert_int_equal(one.size, again.size);
    assert_memory_equal(one.bytes, again.bytes, one.size);
    void *aligned = aligned_alloc(64, (one.size + 63) / 64 * 64);
    memcpy(aligned, one.bytes, one.size);
    assert_true(chain_view(&chain, aligned, one.size));
    for (size_t p = 0; p < set.n; p++) {
        assert_true(chain_decode(&chain, &scratch, &set.pages[p].lines, false));
        for (size_t i = 0; i < set.pages[p].lines.n; i++)
            assert_int_equal(set.pages[p].lines.of[i].role, set.pages[p].roles[i]);
    }
    free(aligned);
    chain_release(&scratch);
    buffer_release(&one);
    buffer_release(&again);
    page_set_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoding_equals_trying_all_sequences),
        cmocka_unit_test(a_whole_text_has_one_beginning),
        cmocka_unit_test(forged_weights_are_refused),
        cmocka_unit_test(what_was_trained_reads_its_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
