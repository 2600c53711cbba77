/* The option line of `classify`, an argument a line.
 *
 * Functions: parse_.* of src/classify.c */
#include "options.h"

#define main classify_main
int classify_main(int argc, char **argv);
#include "../../src/classify.c" // NOLINT(bugprone-suspicious-include)
#undef main

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer line = {0};
    char *arguments[ARGUMENTS_MAX + 1];
    struct settings settings = {.options = fenlei_options_default(), .threads = 1};
    if (parse_line(&parser, data, size, &line, arguments, &settings)) {
        double probability = settings.options.probability;
        require(isnan(probability) || (probability >= 0 && probability <= 1));
        require(settings.threads >= 1 && settings.threads <= THREADS_MAX);
        require(settings.selection.best <= 1000000);
        require(!(settings.jsonl && settings.evaluate));
        require(!(settings.explain && settings.evaluate));
        require(settings.explain || settings.n_why == 0);
        require(settings.n_files < ARGUMENTS_MAX);
        for (size_t i = 0; i < settings.n_files; i++)
            require(settings.files[i] != NULL);
    }
    free(settings.why);
    buffer_release(&line);
    return 0;
}
