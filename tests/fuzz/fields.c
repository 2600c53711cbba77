/* SPDX-License-Identifier: BSD-3-Clause */
/* What a stranger sends to the desk: the fields of an address and of a form, and JSON's parts. The
 * first byte chooses. */
#include "desk/fields.h"
#include "base/json.h"
#include "base/json_part.h"
#include "desk/filter.h"
#include "desk/labels.h"
#include "desk/tokenizer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_json(fenlei_text text)
{
    fenlei_error error;
    fenlei_text value, element;
    struct buffer string = {0};
    if (json_check_object(text, &error) != FENLEI_OK)
        return;
    if (json_member(text, "tasks", &value))
        for (size_t at = 0; json_element(value, &at, &element);)
            json_part_string(element, &string);
    if (json_member(text, "version", &value))
        json_part_number(value);
    buffer_release(&string);
}

static void read_fields(fenlei_text text, bool is_multipart)
{
    struct fields fields = {0};
    struct buffer out = {0};
    bool good = is_multipart ? fields_parse_multipart(&fields, text, text)
                             : fields_parse_encoded(&fields, text);
    if (good) {
        struct filter filter = filter_read(&fields);
        struct set_label label;
        filter_address(&out, &fields, '?');
        tokenizer_expression(&out, filter.search);
        for (size_t at = 0; labels_next(filter.review, &at, &label);)
            ;
        if (fields.n > 0 && fields.of[0].file_name.size > text.size)
            abort();
    }
    buffer_release(&out);
    fields_release(&fields);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    fenlei_text text = {(const char *)data + 1, size - 1};
    if (data[0] % 3 == 0)
        read_json(text);
    else
        read_fields(text, data[0] % 3 == 1);
    return 0;
}
