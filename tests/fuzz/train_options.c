/* The option line of `train`, an argument a line.
 *
 * Functions: parse_.* of train/train.c */
#include "options.h"

#define main train_main
int train_main(int argc, char **argv);
#include "../../train/train.c" // NOLINT(bugprone-suspicious-include)
#undef main

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer line = {0};
    char *arguments[ARGUMENTS_MAX + 1];
    struct options options = {.C = 1,
                              .precision = (double)NAN,
                              .ngram_min = 2,
                              .ngram_max = 2,
                              .min_df = 1,
                              .title_weight = 3,
                              .folds = 5,
                              .seed = 1};
    if (parse_line(&parser, data, size, &line, arguments, &options)) {
        require(options.C > 0 && options.C <= 1e6);
        require(isnan(options.precision) || (options.precision > 0 && options.precision < 1));
        require(options.ngram_min >= 1 && options.ngram_min <= options.ngram_max &&
                options.ngram_max <= NGRAM_MAX);
        require(options.min_df >= 1 && options.title_weight <= 100);
        require(options.folds != 1 && options.folds <= FOLDS_MAX && options.cv <= FOLDS_MAX);
        require(options.threads <= THREADS_MAX && options.n_corpora > 0);
        require(options.output != NULL || options.cv > 0 || options.check);
    }
    free(options.tests);
    buffer_release(&line);
    return 0;
}
