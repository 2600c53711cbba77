/* SPDX-License-Identifier: BSD-3-Clause */
/* libsvm as it may fail, preloaded into `train`. SHIM_LIBSVM says how:
 *     loose   ends far from the optimum, as if out of iterations
 *     crash   runs into a failed allocation
 *     other   says that it is another version
 *     hang    never ends; when that begins, the file SHIM_REPORT holds the process's number */
#include <dlfcn.h>
#include <libsvm/svm.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void hang(void)
{
    FILE *report = fopen(getenv("SHIM_REPORT"), "w");
    if (report != NULL) {
        fprintf(report, "%d\n", (int)getpid());
        fclose(report);
    }
    for (;;)
        pause();
}

__attribute__((constructor)) static void change_version(void)
{
    const char *how = getenv("SHIM_LIBSVM");
    int *version = dlsym(RTLD_DEFAULT, "libsvm_version");
    if (how != NULL && strcmp(how, "other") == 0 && version != NULL)
        *version = LIBSVM_VERSION + 1;
}

struct svm_model *svm_train(const struct svm_problem *problem,
                            const struct svm_parameter *parameter)
{
    struct svm_model *(*libsvm_train)(const struct svm_problem *, const struct svm_parameter *);
    const char *how = getenv("SHIM_LIBSVM");
    struct svm_parameter changed = *parameter;
    void *symbol = dlsym(RTLD_NEXT, "svm_train");
    memcpy(&libsvm_train, &symbol, sizeof symbol);
    if (how == NULL)
        how = "";
    if (strcmp(how, "crash") == 0)
        raise(SIGSEGV);
    if (strcmp(how, "hang") == 0)
        hang();
    if (strcmp(how, "loose") == 0)
        changed.eps = 100;
    return libsvm_train(problem, &changed);
}
