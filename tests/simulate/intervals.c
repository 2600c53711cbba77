/* SPDX-License-Identifier: BSD-3-Clause */
/* How often the intervals of measure/interval.h hold the true value, on labels made up with known
 * probabilities, with all steps of the method and with each of them left out: `make simulate`
 * writes the table of doc/intervals.md. */
#include <stdbool.h>

static unsigned steps;
#define INTERVAL_STEPS steps
#include "../../src/measure/interval.c" // NOLINT(bugprone-suspicious-include)

#include <stdio.h>

enum { TOPICS_MOST = 40, ROUNDS = 1000 };

/* How labels come about: a topic is true, found and given wrongly with these probabilities. On one
 * document in four errors are more frequent, on the others less, so that those of a document go
 * together. */
struct world {
    const char *name;
    size_t n_topics, n_documents;
    double share[TOPICS_MOST], found[SIDES][TOPICS_MOST], wrong[SIDES][TOPICS_MOST];
};

static uint64_t seed;

static double uniform(void)
{
    return random_uniform(&seed);
}

static void add_document(const struct world *world, struct outcomes *single, struct outcomes *pair)
{
    double trouble = uniform() < 0.25 ? 2.2 : 0.6, luck[TOPICS_MOST];
    bool truth[TOPICS_MOST];
    for (size_t topic = 0; topic < world->n_topics; topic++) {
        luck[topic] = uniform();
        truth[topic] = uniform() < world->share[topic];
    }
    for (unsigned side = 0; side < SIDES; side++)
        for (size_t topic = 0; topic < world->n_topics; topic++) {
            bool given = truth[topic] ? luck[topic] > (1 - world->found[side][topic]) * trouble
                                      : luck[topic] < world->wrong[side][topic] * trouble;
            if (!truth[topic] && !given)
                continue;
            enum outcome outcome = !truth[topic] ? OUTCOME_EXTRA
                                   : given       ? OUTCOME_HIT
                                                 : OUTCOME_MISSED;
            outcomes_add(pair, side, topic, outcome);
            if (side == 0)
                outcomes_add(single, 0, topic, outcome);
        }
    outcomes_end_document(single);
    outcomes_end_document(pair);
}

/* The F1 that endless documents would show: of each topic, micro, macro. */
struct known {
    double topics[TOPICS_MOST], micro, macro;
};

static struct known known_of(const struct world *world, unsigned side)
{
    struct known known = {.macro = 0};
    double all_hits = 0, all_errors = 0;
    for (size_t topic = 0; topic < world->n_topics; topic++) {
        double hits = world->share[topic] * world->found[side][topic];
        double errors =
            (1 - world->share[topic]) * world->wrong[side][topic] + world->share[topic] - hits;
        known.topics[topic] = 2 * hits / (2 * hits + errors);
        known.macro += known.topics[topic] / (double)world->n_topics;
        all_hits += hits;
        all_errors += errors;
    }
    known.micro = 2 * all_hits / (2 * all_hits + all_errors);
    return known;
}

static bool holds(struct interval interval, double value)
{
    return interval.low <= value && value <= interval.high;
}

struct coverage {
    size_t defined, topics, micro, macro, micro_difference, macro_difference;
    double width; /* of macro, summed */
};

static bool run_round(const struct world *world, struct coverage *coverage)
{
    struct known a = known_of(world, 0), b = known_of(world, 1);
    struct outcomes single = {0}, pair = {0};
    struct intervals intervals = {0}, differences = {0};
    for (size_t i = 0; i < world->n_documents; i++)
        add_document(world, &single, &pair);
    bool good = intervals_of(&single, world->n_topics, 2, &intervals) &&
                intervals_of_difference(&pair, world->n_topics, 2, &differences);
    for (size_t topic = 0; good && topic < world->n_topics; topic++) {
        coverage->defined += isnan(intervals.topics[topic].f1.low) ? 0 : 1;
        coverage->topics += holds(intervals.topics[topic].f1, a.topics[topic]);
    }
    coverage->micro += holds(intervals.micro.f1, a.micro);
    coverage->macro += holds(intervals.macro.f1, a.macro);
    coverage->width += intervals.macro.f1.high - intervals.macro.f1.low;
    coverage->micro_difference += holds(differences.micro.f1, b.micro - a.micro);
    coverage->macro_difference += holds(differences.macro.f1, b.macro - a.macro);
    intervals_release(&intervals);
    intervals_release(&differences);
    outcomes_release(&single);
    outcomes_release(&pair);
    return good;
}

static bool run(const struct world *world, const char *name, unsigned without)
{
    struct coverage coverage = {0};
    steps = (STEP_PRIOR | STEP_DISAGREEMENT | STEP_STRETCH | STEP_CENTRE | STEP_BIAS) & ~without;
    seed = 1;
    for (size_t round = 0; round < ROUNDS; round++)
        if (!run_round(world, &coverage))
            return false;
    printf("| %s | %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.3f |\n", world->name, name,
           100.0 * (double)coverage.topics / (double)coverage.defined,
           100.0 * (double)coverage.micro / ROUNDS, 100.0 * (double)coverage.macro / ROUNDS,
           100.0 * (double)coverage.micro_difference / ROUNDS,
           100.0 * (double)coverage.macro_difference / ROUNDS, coverage.width / ROUNDS);
    return true;
}

static const struct world few = {
    .name = "4 topics of 10 to 50 in 200 documents",
    .n_topics = 4,
    .n_documents = 200,
    .share = {0.25, 0.12, 0.08, 0.05},
    .found = {{0.9, 0.75, 0.8, 0.7}, {0.93, 0.85, 0.85, 0.75}},
    .wrong = {{0.03, 0.02, 0.03, 0.01}, {0.02, 0.02, 0.02, 0.01}},
};

/* As in a corpus with a long tail. */
static struct world many_small(void)
{
    struct world world = {
        .name = "40 topics of 3 to 18 in 300 documents", .n_topics = 40, .n_documents = 300};
    static const double shares[] = {0.01, 0.015, 0.02, 0.03, 0.06}, founds[] = {0.6, 0.7, 0.8, 0.9},
                        better[] = {0, 0.05, 0.1};
    for (size_t topic = 0; topic < world.n_topics; topic++) {
        world.share[topic] = shares[topic % 5];
        world.found[0][topic] = founds[topic / 5 % 4];
        world.found[1][topic] = world.found[0][topic] + better[topic % 3];
        world.wrong[0][topic] = 0.001 * (double)(1 + topic % 4);
        world.wrong[1][topic] = world.wrong[0][topic] * (topic % 2 == 0 ? 0.7 : 1);
    }
    return world;
}

int main(void)
{
    static const struct {
        const char *name;
        unsigned without;
    } variants[] = {{"all steps", 0},
                    {"no half documents", STEP_PRIOR},
                    {"no half documents of disagreement", STEP_DISAGREEMENT},
                    {"small topics not stretched", STEP_STRETCH},
                    {"not centred", STEP_CENTRE},
                    {"bias not corrected", STEP_BIAS},
                    {"none of them", ~0U}};
    const struct world worlds[] = {few, many_small()};
    printf("| labels | method | topic | micro | macro | micro, difference | macro, difference | "
           "width of macro |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t world = 0; world < 2; world++)
        for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
            if (!run(&worlds[world], variants[i].name, variants[i].without))
                return 1;
    return 0;
}
