/* SPDX-License-Identifier: BSD-3-Clause */
/* How well a model does, as a page to look at: one HTML file, pictures in it. */
#ifndef HTML_EVALUATION_PAGE_H
#define HTML_EVALUATION_PAGE_H

#include "html/language.h"
#include "measure/evaluation.h"

/* A section for each of the n evaluations, all finished. `settings` is a JSON object whose plain
 * fields are shown. In LANGUAGE_LATER it is Chinese where most documents are. */
void evaluation_page(struct buffer *out, enum language language,
                     const struct evaluation *evaluations, size_t n, fenlei_text settings);

#endif
