/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/document.h"

#include "base/status.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t MAGIC = 0x464E4C31; /* FNL1 */

struct header {
    uint32_t magic, form, text_size, n_lines, n_boxes, substitutions;
};

bool document_add_line(struct document *document, fenlei_text line, uint32_t source)
{
    if (document->n_lines == UINT32_MAX ||
        !array_reserve(&document->sources, &document->lines_capacity, document->n_lines + 1,
                       sizeof *document->sources))
        return false;
    document->sources[document->n_lines++] = source;
    buffer_append_text(&document->text, line);
    buffer_append_string(&document->text, "\n");
    return !document->text.failed;
}

bool document_add_box(struct document *document, struct document_box box)
{
    if (document->n_boxes == UINT32_MAX ||
        !array_reserve(&document->boxes, &document->boxes_capacity, document->n_boxes + 1,
                       sizeof *document->boxes))
        return false;
    box.line = (uint32_t)document->n_lines;
    document->boxes[document->n_boxes++] = box;
    return true;
}

void document_write(const struct document *document, struct buffer *out)
{
    if (document->text.failed || document->text.size > UINT32_MAX) {
        out->failed = true;
        return;
    }
    struct header header = {MAGIC,
                            document->form,
                            (uint32_t)document->text.size,
                            (uint32_t)document->n_lines,
                            (uint32_t)document->n_boxes,
                            (uint32_t)document->substitutions};
    buffer_append(out, (const char *)&header, sizeof header);
    buffer_append(out, document->text.bytes, document->text.size);
    if (document->n_lines > 0)
        buffer_append(out, (const char *)document->sources,
                      document->n_lines * sizeof *document->sources);
    if (document->n_boxes > 0)
        buffer_append(out, (const char *)document->boxes,
                      document->n_boxes * sizeof *document->boxes);
}

/* Takes count elements from the front of *rest, as a copy; false where they are not there or memory
 * runs out. */
static bool take(fenlei_text *rest, void *array, size_t count, size_t size)
{
    if (count > rest->size / size)
        return false;
    void *copy = array_new(count > 0 ? count : 1, size);
    if (copy == NULL)
        return false;
    if (count > 0)
        memcpy(copy, rest->bytes, count * size);
    memcpy(array, &copy, sizeof copy);
    *rest = (fenlei_text){rest->bytes + count * size, rest->size - count * size};
    return true;
}

static bool is_sound_box(const struct document_box *box, uint32_t least_line, size_t n_lines)
{
    return box->line >= least_line && box->line < n_lines && box->page > 0 && isfinite(box->x0) &&
           isfinite(box->y0) && isfinite(box->x1) && isfinite(box->y1);
}

static size_t count_breaks(fenlei_text text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.size; i++)
        n += text.bytes[i] == '\n';
    return n;
}

static bool is_sound(const struct document *document)
{
    uint32_t least = 0;
    for (size_t i = 0; i < document->n_boxes; i++) {
        if (!is_sound_box(&document->boxes[i], least, document->n_lines))
            return false;
        least = document->boxes[i].line;
    }
    fenlei_text text = {document->text.bytes, document->text.size};
    return utf8_valid_prefix(text.bytes, text.size) == text.size &&
           (document->form == DOCUMENT_ERROR || count_breaks(text) == document->n_lines);
}

fenlei_status document_parse(struct document *document, fenlei_text stream, fenlei_error *error)
{
    struct header header;
    fenlei_status unsound =
        error_set(error, FENLEI_BAD_INPUT, "its reader did not come to an end with it");
    if (stream.size < sizeof header)
        return unsound;
    memcpy(&header, stream.bytes, sizeof header);
    fenlei_text rest = {stream.bytes + sizeof header, stream.size - sizeof header};
    if (header.magic != MAGIC || header.form >= DOCUMENT_FORMS || header.text_size > rest.size)
        return unsound;
    document->form = (enum document_form)header.form;
    document->substitutions = header.substitutions;
    buffer_append(&document->text, rest.bytes, header.text_size);
    rest = (fenlei_text){rest.bytes + header.text_size, rest.size - header.text_size};
    if (document->text.failed ||
        !take(&rest, &document->sources, header.n_lines, sizeof *document->sources))
        return unsound;
    document->n_lines = header.n_lines;
    if (!take(&rest, &document->boxes, header.n_boxes, sizeof *document->boxes))
        return unsound;
    document->n_boxes = header.n_boxes;
    if (rest.size > 0 || !is_sound(document))
        return unsound;
    if (document->form != DOCUMENT_ERROR)
        return FENLEI_OK;
    return error_set(error, FENLEI_BAD_INPUT, "%.*s", (int)document->text.size,
                     document->text.bytes != NULL ? document->text.bytes : "");
}

void document_release(struct document *document)
{
    buffer_release(&document->text);
    free(document->sources);
    free(document->boxes);
    *document = (struct document){0};
}
