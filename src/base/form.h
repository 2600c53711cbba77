/* What a file looks like that is not what it was taken for, told from its first bytes. */
#ifndef BASE_FORM_H
#define BASE_FORM_H

#include "fenlei.h"

/* "a PDF file", "a table (CSV)", "a JSON array" and so on, of a file that begins with these bytes,
 * or of a line of it; NULL for plain text and for JSON lines. A constant string. */
const char *form_of(fenlei_text beginning);

#endif
