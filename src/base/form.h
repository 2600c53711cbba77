/* SPDX-License-Identifier: BSD-3-Clause */
/* What a file is, told from its bytes. */
#ifndef BASE_FORM_H
#define BASE_FORM_H

#include "fenlei.h"

/* What it looks like where it is not what it was taken for: "a PDF file", "a table (CSV)", "a JSON
 * array" and so on, of a file that begins with these bytes, or of a line of it; NULL for plain text
 * and for JSON lines. A constant string. */
const char *form_of(fenlei_text beginning);

/* The same of the forms that begin with a mark of their own, as PDF; NULL for any text. */
const char *form_of_mark(fenlei_text beginning);

/* What a file that is to be a page is, told from its bytes and never from its name. */
struct page_form {
    bool is_document;   /* it holds a page, behind a form that fenlei-read knows */
    bool is_html;       /* ... which is HTML */
    bool has_records;   /* it is no page, but records, as command/records.h reads them */
    const char *name;   /* "an RTF file"; NULL for plain text, of whatever encoding */
    const char *advice; /* what can be done with one that holds no page; may be NULL */
};

struct page_form form_of_page(fenlei_text file);

#endif
