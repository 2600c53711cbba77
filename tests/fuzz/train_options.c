/* SPDX-License-Identifier: BSD-3-Clause */
/* The option line of `train`, an argument a line.
 *
 * Functions: parse_.* of train/options.c */
#include "options.h"

#include "../../train/options.c" // NOLINT(bugprone-suspicious-include)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer line = {0};
    char *arguments[ARGUMENTS_MAX + 1];
    struct options options = defaults;
    if (parse_line(&parser, data, size, &line, arguments, &options)) {
        require(options.C > 0 && options.C <= 1e6);
        require(isnan(options.aim.precision) ||
                (options.aim.precision > 0 && options.aim.precision < 1));
        require(options.aim.slack >= 0 && options.aim.slack < 1);
        require(options.ngram_min >= 1 && options.ngram_min <= options.ngram_max &&
                options.ngram_max <= NGRAM_MAX);
        require(options.min_df >= 1 && options.title_weight <= 100);
        require(options.folds != 1 && options.folds <= FOLDS_MAX && options.cv <= FOLDS_MAX);
        require(options.threads <= THREADS_MAX);
        require(options.n_corpora > 0 || options.like != NULL ||
                (options.base != NULL && options.n_pages > 0));
        require(options.output != NULL || options.cv > 0 || options.check);
    }
    options_release(&options);
    buffer_release(&line);
    return 0;
}
