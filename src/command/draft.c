/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/draft.h"

#include "base/json.h"
#include "base/record.h"

#include <stdlib.h>
#include <string.h>

void draft_clear(struct draft *draft)
{
    buffer_clear(&draft->id);
    buffer_clear(&draft->title);
    buffer_clear(&draft->text);
    buffer_clear(&draft->rest);
    draft->has_text = false;
    draft_forget_people(draft);
}

void draft_release(struct draft *draft)
{
    buffer_release(&draft->id);
    buffer_release(&draft->title);
    buffer_release(&draft->text);
    buffer_release(&draft->rest);
    buffer_release(&draft->labels);
    free(draft->choices);
    *draft = (struct draft){0};
}

void draft_add_person(struct draft *draft)
{
    draft->is_labelled = true;
    draft->n_people++;
}

void draft_forget_people(struct draft *draft)
{
    buffer_clear(&draft->labels);
    draft->is_labelled = false;
    draft->n_people = 0;
    draft->n_choices = 0;
}

static fenlei_text name_of(const struct draft *draft, size_t i)
{
    return (fenlei_text){draft->labels.bytes + draft->choices[i].start, draft->choices[i].size};
}

/* The place of a label, which is added where it is new; NULL when memory runs out. */
static struct draft_label *find_label(struct draft *draft, fenlei_text label)
{
    for (size_t i = 0; i < draft->n_choices; i++)
        if (text_equal(name_of(draft, i), label))
            return &draft->choices[i];
    if (!array_reserve(&draft->choices, &draft->choices_capacity, draft->n_choices + 1,
                       sizeof *draft->choices))
        return NULL;
    size_t start = draft->labels.size;
    buffer_append_text(&draft->labels, label);
    if (draft->labels.failed)
        return NULL;
    draft->choices[draft->n_choices] = (struct draft_label){.start = start, .size = label.size};
    return &draft->choices[draft->n_choices++];
}

bool draft_choose(struct draft *draft, fenlei_text label)
{
    label = text_trim(label);
    if (label.size == 0 || draft->n_choices > RECORD_LABELS_MAX) /* one too many tells of it */
        return true;
    struct draft_label *choice = find_label(draft, label);
    if (choice == NULL)
        return false;
    choice->votes += choice->last_voter != draft->n_people;
    choice->last_voter = draft->n_people;
    return true;
}

bool draft_join(struct draft *draft, const struct draft *other)
{
    bool good = true;
    for (size_t i = 0; i < other->n_choices && good; i++) {
        struct draft_label *choice = find_label(draft, name_of(other, i));
        good = choice != NULL;
        if (good)
            choice->votes += other->choices[i].votes;
    }
    draft->n_people += other->n_people;
    draft->is_labelled = draft->is_labelled || other->is_labelled;
    return good;
}

bool draft_disagrees(const struct draft *draft)
{
    for (size_t i = 0; i < draft->n_choices; i++)
        if (draft->choices[i].votes < draft->n_people)
            return true;
    return false;
}

bool draft_seems_unparted(const struct draft *draft)
{
    for (size_t i = 0; i < draft->labels.size; i++)
        if (strchr("#|;", draft->labels.bytes[i]) != NULL)
            return true;
    return false;
}

void draft_pass_on(struct draft *draft, fenlei_text name, fenlei_text value)
{
    buffer_append_string(&draft->rest, ",");
    json_copy(&draft->rest, name);
    buffer_append_string(&draft->rest, ":");
    json_copy(&draft->rest, value);
}

/* "key": and the labels that more than half of the people gave, or just half of them; those may be
 * none, and are not written then. */
static void write_labels(const struct draft *draft, const char *key, bool halves,
                         struct buffer *line)
{
    bool is_first = true;
    for (size_t i = 0; i < draft->n_choices; i++) {
        unsigned twice = 2 * draft->choices[i].votes;
        if (halves ? twice != draft->n_people : twice <= draft->n_people)
            continue;
        if (is_first)
            json_key(line, key);
        buffer_append_string(line, is_first ? "[" : ",");
        json_string(line, name_of(draft, i));
        is_first = false;
    }
    if (!is_first) {
        buffer_append_string(line, "]");
    } else if (!halves) {
        json_key(line, key);
        buffer_append_string(line, "[]");
    }
}

void draft_write(const struct draft *draft, struct buffer *line)
{
    buffer_append_string(line, "{");
    if (draft->id.size > 0) {
        json_key(line, "id");
        buffer_append(line, draft->id.bytes, draft->id.size);
    }
    if (draft->title.size > 0)
        json_text(line, "title", (fenlei_text){draft->title.bytes, draft->title.size});
    if (draft->has_text)
        json_text(line, "text",
                  draft->text.size > 0 ? (fenlei_text){draft->text.bytes, draft->text.size}
                                       : text_of(""));
    if (draft->is_labelled) {
        write_labels(draft, "labels", false, line);
        write_labels(draft, "either", true, line);
    }
    fenlei_text rest = {draft->rest.bytes, draft->rest.size};
    if (rest.size > 0 && line->bytes != NULL && line->bytes[line->size - 1] == '{')
        rest = (fenlei_text){rest.bytes + 1, rest.size - 1};
    buffer_append_text(line, rest);
    buffer_append_string(line, "}");
    line->failed = line->failed || draft->id.failed || draft->title.failed || draft->text.failed ||
                   draft->rest.failed || draft->labels.failed;
}
