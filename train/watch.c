/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/watch.h"

/* The line counts in parts of all the work. */
enum { PARTS = 1000 };

/* Seconds between two lines. */
static const double PAUSE = 0.2;

void watch_begin(struct watch *watch, bool is_wanted)
{
    progress_begin(&watch->progress, "training", "", PAUSE, is_wanted);
    watch->progress.shown -= PAUSE; /* the first line comes at once */
    atomic_init(&watch->done, 0);
    pthread_mutex_init(&watch->lock, NULL);
}

/* Measured: seconds of one thread for a gigabyte of news. */
void watch_expect(struct watch *watch, const struct watch_work *work)
{
    static const double READ = 12, COUNT = 20, SIGN = 60, PAIR = 20, SKETCH = 70, VOCAB = 60,
                        VECTORS = 50, LOOK = 0.8, ROUND = 1.5;
    double all = (double)work->bytes / 1e9, each = all / work->n_threads;
    bool counts = work->compares || work->keeps_sketch;
    watch->cost[STAGE_READ] = READ * all;
    watch->cost[STAGE_COUNT] = counts ? COUNT * each : 0;
    watch->cost[STAGE_SIGN] = work->compares ? SIGN * each : 0;
    watch->cost[STAGE_PAIR] = work->compares ? PAIR * each : 0;
    watch->cost[STAGE_SKETCH] = work->keeps_sketch ? SKETCH * each : 0;
    watch->cost[STAGE_VOCAB] = VOCAB * each;
    watch->cost[STAGE_VECTORS] = VECTORS * each;
    watch->cost[STAGE_LEARN] = LOOK * work->looks * each;
    watch->cost[STAGE_CALIBRATE] = ROUND * work->rounds * each;
}

/* The share of all work that is done. */
static double share_done(const struct watch *watch)
{
    size_t done = atomic_load(&watch->done);
    double before = 0, all = 0;
    for (unsigned stage = 0; stage < STAGES; stage++) {
        all += watch->cost[stage];
        if (stage < watch->stage)
            before += watch->cost[stage];
    }
    if (watch->all > 0)
        before += watch->cost[watch->stage] *
                  (done < watch->all ? (double)done : (double)watch->all) / (double)watch->all;
    return all > 0 ? before / all : 0;
}

void watch_stage(struct watch *watch, enum stage stage, size_t n_steps)
{
    if (watch == NULL)
        return;
    watch->stage = stage;
    watch->all = n_steps;
    atomic_store(&watch->done, 0);
    watch_step(watch, 0);
}

void watch_step(struct watch *watch, size_t n_steps)
{
    if (watch == NULL || !watch->progress.is_on)
        return;
    atomic_fetch_add(&watch->done, n_steps);
    if (pthread_mutex_trylock(&watch->lock) != 0)
        return; /* somebody shows it already */
    size_t parts = (size_t)(share_done(watch) * PARTS);
    watch->shown = parts > watch->shown ? parts : watch->shown;
    progress_show(&watch->progress, watch->shown, PARTS);
    pthread_mutex_unlock(&watch->lock);
}

void watch_clear(struct watch *watch)
{
    if (watch != NULL)
        progress_clear(&watch->progress);
}

void watch_end(struct watch *watch)
{
    watch->progress.pause = 0;
    progress_show(&watch->progress, PARTS, PARTS);
    progress_end(&watch->progress);
    watch->progress.is_on = false;
}
