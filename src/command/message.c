/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/message.h"

#include "base/plain.h"
#include "html/chinese.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static bool speaks_chinese;

enum language language_of_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *locale = getenv(names[i]);
        if (locale != NULL && locale[0] != '\0')
            return language_of_locale(locale);
    }
    return LANGUAGE_LATER;
}

void messages_speak(enum language language)
{
    speaks_chinese = language == CHINESE;
}

void message_append(struct buffer *out, const char *name, size_t line, const char *text)
{
    size_t start = out->size;
    buffer_append_format(out, "%s: ", program_invocation_short_name);
    if (name != NULL && line > 0)
        buffer_append_format(out, "%s:%zu: ", name, line);
    else if (name != NULL)
        buffer_append_format(out, "%s: ", name);
    if (speaks_chinese)
        chinese_message(out, text_of(text));
    else
        buffer_append_string(out, text);
    plain_from(out, start);
    buffer_append_string(out, "\n");
}

void message(const char *name, size_t line, const char *text)
{
    struct buffer out = {0};
    message_append(&out, name, line, text);
    if (out.failed)
        fprintf(stderr, "%s: out of memory\n", program_invocation_short_name);
    else
        fwrite(out.bytes, 1, out.size, stderr);
    buffer_release(&out);
}

enum { MESSAGES_SHOWN = 20 };

bool messages_may(struct messages *messages)
{
    return messages->n++ < MESSAGES_SHOWN;
}

void messages_end(const struct messages *messages, const char *what)
{
    if (messages->n > MESSAGES_SHOWN)
        fprintf(stderr, "%s: and %zu more %s\n", program_invocation_short_name,
                messages->n - MESSAGES_SHOWN, what);
}
