/* SPDX-License-Identifier: BSD-3-Clause */
/* A file of records in any form: the first byte says which options there are, the others are the
 * file. Whatever they are, records come to an end, each of them a line of JSON.
 *
 * Files:
 * src/command/(records|charset|draft|export|header|fasttext|label_value|notes|sequence|table).c */
#include "fuzz.h"

#include "base/record.h"
#include "command/records.h"
#include "file.h"

/* A record of json.h's, or what is none and was passed through for json.h to say so. */
static void check_record(const struct records *records, const struct buffer *line)
{
    struct record record = {0};
    fenlei_error error;
    if (!records->is_plain) {
        check_json((fenlei_text){line->bytes, line->size});
        fenlei_status status = record_parse(&record, line->bytes, line->size, &error);
        if (status == FENLEI_OK)
            status = record_parse_labels(&record, &error);
        require(status == FENLEI_OK || status == FENLEI_BAD_INPUT);
        require(status != FENLEI_OK || record.text.bytes != NULL);
        require(status != FENLEI_OK || records->export.labels != LABELS_NEEDED ||
                record.is_labelled);
    }
    record_release(&record);
}

static void read_all(struct records *records, size_t size)
{
    struct buffer line = {0};
    fenlei_error error;
    size_t number, n = 0;
    bool end = false;
    while (!end && !records->is_over) {
        fenlei_status status = records_next(records, &line, &number, &end, &error);
        require(status == FENLEI_OK || status == FENLEI_BAD_INPUT);
        require(status == FENLEI_OK || error.message[0] != '\0');
        if (status == FENLEI_OK && !end)
            check_record(records, &line);
        else if (line.size > 0)
            check_json((fenlei_text){line.bytes, line.size});
        require(++n <= 2 * size + 2);
    }
    require(records->n_records <= records->n);
    buffer_release(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct records records;
    fenlei_error error;
    if (size == 0)
        return 0;
    struct record_options options = {.format = (enum record_format)(data[0] % 8)};
    if ((data[0] & 32) != 0)
        options.label_separator = "|";
    if ((data[0] & 64) != 0)
        options = (struct record_options){
            .format = options.format, .text_field = "d.t", .label_field = "l", .title_field = "h"};
    enum label_use use = (data[0] & 128) == 0  ? LABELS_NEEDED
                         : (data[0] & 16) == 0 ? LABELS_UNREAD
                                               : LABELS_TAKEN;
    fenlei_status status =
        records_open(&records, file_of(data + 1, size - 1), &options, use, &error);
    require(status == FENLEI_OK || status == FENLEI_BAD_INPUT);
    if (status == FENLEI_OK)
        read_all(&records, size);
    records_release(&records);
    return 0;
}
