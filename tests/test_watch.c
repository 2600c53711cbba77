/* SPDX-License-Identifier: BSD-3-Clause */
/* How far a training is goes on from stage to stage and never back, whatever becomes known. */
#include "test.h"
#include "train/watch.h"

static struct watch_work work = {.bytes = 1000000000,
                                 .n_threads = 2,
                                 .compares = true,
                                 .keeps_sketch = true,
                                 .looks = 500,
                                 .rounds = 70};

static void begin(struct watch *watch)
{
    *watch = (struct watch){.shown = 0};
    watch_begin(watch, true);
    watch->progress.pause = 0;
    watch_expect(watch, &work);
}

static void every_stage_moves_it_on(void **state)
{
    (void)state;
    struct watch watch;
    begin(&watch);
    size_t before = 0;
    for (unsigned stage = 0; stage < STAGES; stage++) {
        watch_stage(&watch, stage, 10);
        assert_in_range(watch.shown, before, before + 1);
        watch_step(&watch, 5);
        size_t half = watch.shown;
        watch_step(&watch, 5);
        assert_true(half > before && watch.shown > half);
        before = watch.shown;
        watch_step(&watch, 100); /* more than were told beforehand */
        assert_int_equal(watch.shown, before);
    }
    assert_in_range(before, 999, 1000);
    watch_end(&watch);
    assert_false(watch.progress.is_on);
}

/* Half way, it is known that there is far more to do: the line stays where it is. */
static void it_never_goes_back(void **state)
{
    (void)state;
    struct watch watch;
    struct watch_work more = work;
    begin(&watch);
    watch_stage(&watch, STAGE_LEARN, 2);
    watch_step(&watch, 1);
    size_t before = watch.shown;
    assert_in_range(before, 300, 900);
    more.rounds = 1e6;
    watch_expect(&watch, &more);
    watch_step(&watch, 0);
    assert_int_equal(watch.shown, before);
    watch_end(&watch);
}

static void what_is_not_done_takes_no_time(void **state)
{
    (void)state;
    struct watch watch;
    struct watch_work less = work;
    begin(&watch);
    less.compares = less.keeps_sketch = false;
    watch_expect(&watch, &less);
    assert_true(watch.cost[STAGE_COUNT] == 0 && watch.cost[STAGE_SIGN] == 0 &&
                watch.cost[STAGE_PAIR] == 0 && watch.cost[STAGE_SKETCH] == 0 &&
                watch.cost[STAGE_LEARN] > 0);
    watch_end(&watch);
    watch_stage(NULL, STAGE_READ, 1);
    watch_step(NULL, 1);
    watch_clear(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stage_moves_it_on),
        cmocka_unit_test(it_never_goes_back),
        cmocka_unit_test(what_is_not_done_takes_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
