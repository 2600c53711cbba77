/* SPDX-License-Identifier: BSD-3-Clause */
/* The option line of `classify`, an argument a line.
 *
 * Functions: parse_.* of src/classify/settings.c */
#include "options.h"

#include "../../src/classify/settings.c" // NOLINT(bugprone-suspicious-include)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer line = {0};
    char *arguments[ARGUMENTS_MAX + 1];
    struct settings settings = settings_default();
    if (parse_line(&parser, data, size, &line, arguments, &settings)) {
        double probability = settings.options.probability;
        require(isnan(probability) || (probability >= 0 && probability <= 1));
        require(settings.threads >= 1 && settings.threads <= THREADS_MAX);
        require(settings.selection.best <= 1000000);
        require(!(settings.jsonl && settings.evaluate));
        require(!(settings.explain && settings.evaluate));
        require(settings.explain || settings.why.n == 0);
        require(settings.html == NULL || strcmp(settings.html, "-") != 0);
        require(settings.n_files < ARGUMENTS_MAX);
        for (size_t i = 0; i < settings.n_files; i++)
            require(settings.files[i] != NULL);
    }
    settings_release(&settings);
    buffer_release(&line);
    return 0;
}
