/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void progress_begin(struct progress *progress, const char *what, const char *unit, double pause,
                    bool is_wanted)
{
    *progress = (struct progress){
        .what = what, .unit = unit, .pause = pause, .is_on = is_wanted || isatty(STDERR_FILENO)};
    progress->start = progress->shown = now();
}

void progress_line(struct buffer *out, const struct progress *progress, size_t done, size_t all,
                   double seconds)
{
    buffer_append_format(out, "%s: %zu", progress->what, done);
    if (all > 0)
        buffer_append_format(out, " of %zu", all);
    buffer_append_string(out, progress->unit);
    if (all > 0 && done > 0)
        buffer_append_format(out, ", about %.0f s left",
                             seconds / (double)done * (double)(all > done ? all - done : 0));
}

/* The text, over the line that stands there. */
static void put(struct progress *progress, const struct buffer *text)
{
    struct buffer line = {0};
    size_t more = progress->width > text->size ? progress->width - text->size : 0;
    buffer_append_string(&line, "\r");
    buffer_append(&line, text->bytes, text->size);
    buffer_append_format(&line, "%*s", (int)more, "");
    if (!line.failed)
        fwrite(line.bytes, 1, line.size, stderr);
    progress->width = text->size;
    buffer_release(&line);
}

void progress_show(struct progress *progress, size_t done, size_t all)
{
    struct buffer text = {0};
    double time = now();
    if (!progress->is_on || time - progress->shown < progress->pause)
        return;
    progress->shown = time;
    progress_line(&text, progress, done, all, time - progress->start);
    put(progress, &text);
    buffer_release(&text);
}

void progress_end(struct progress *progress)
{
    if (progress->width > 0)
        fwrite("\n", 1, 1, stderr);
    progress->width = 0;
}

void progress_clear(struct progress *progress)
{
    static const struct buffer none = {0};
    if (progress->width == 0)
        return;
    put(progress, &none);
    fwrite("\r", 1, 1, stderr);
}
