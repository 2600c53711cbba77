/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/bundle.h"

#include <stdlib.h>

bool bundle_take(struct bundle *bundle, size_t most)
{
    if (!array_reserve(&bundle->items, &bundle->n_room, most, sizeof *bundle->items) ||
        (most > 1 && !buffer_reserve(&bundle->lines, (size_t)2 * BUNDLE_BYTES)))
        return false;
    bundle->most = most;
    atomic_store(&bundle->is_taken, true);
    return true;
}

bool bundle_has_room(const struct bundle *bundle)
{
    return bundle->n_items < bundle->most && bundle->n_bytes < BUNDLE_BYTES;
}

struct item *bundle_next(struct bundle *bundle)
{
    if (bundle->n_used == bundle->n_items)
        bundle->items[bundle->n_used++] = (struct item){0};
    return &bundle->items[bundle->n_items];
}

void bundle_add(struct bundle *bundle)
{
    bundle->n_bytes += bundle->items[bundle->n_items++].line.size;
}

void bundle_collect(struct bundle *bundle)
{
    struct item *item = &bundle->items[bundle->n_collected];
    if (item->out.failed || item->messages.failed ||
        !buffer_reserve(&bundle->out, item->out.size) ||
        !buffer_reserve(&bundle->messages, item->messages.size))
        return;
    buffer_append(&bundle->out, item->out.bytes, item->out.size);
    buffer_append(&bundle->messages, item->messages.bytes, item->messages.size);
    bundle->failed = bundle->failed || item->failed;
    bundle->n_collected++;
    item_clear(item);
}

void bundle_clear(struct bundle *bundle)
{
    for (size_t i = bundle->n_collected; i < bundle->n_items; i++)
        item_clear(&bundle->items[i]);
    bundle->n_items = bundle->n_bytes = bundle->n_collected = 0;
    buffer_shed(&bundle->lines);
    buffer_shed(&bundle->out);
    buffer_shed(&bundle->messages);
    bundle->failed = false;
    atomic_store(&bundle->is_taken, false);
}

void bundle_release(struct bundle *bundle)
{
    for (size_t i = 0; i < bundle->n_used; i++)
        item_release(&bundle->items[i]);
    free(bundle->items);
    buffer_release(&bundle->lines);
    buffer_release(&bundle->out);
    buffer_release(&bundle->messages);
    *bundle = (struct bundle){0};
}
