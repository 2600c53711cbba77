/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/icu.h"

#include "base/status.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unicode/uvernum.h>

#define STRING_OF(text) #text
#define STRING(text) STRING_OF(text)
#define LIBRARY "libicuuc.so." STRING(U_ICU_VERSION_MAJOR_NUM)

static struct icu functions;
static bool is_loaded;
static char reason[300]; /* why it is not loaded */
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The library stays until the program ends: what it gave out may still be used. */
static void load(void)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    bool good = library != NULL;
#define LOAD(name)                                                                                 \
    if (good) {                                                                                    \
        void *found = dlsym(library, STRING(name));                                                \
        good = found != NULL;                                                                      \
        memcpy(&functions.name, &found, sizeof found);                                             \
    }
    ICU_FUNCTIONS(LOAD)
#undef LOAD
    is_loaded = good;
    const char *words = good ? NULL : dlerror();
    snprintf(reason, sizeof reason, "%s", words != NULL ? words : LIBRARY);
}

const struct icu *icu(void)
{
    pthread_once(&once, load);
    return is_loaded ? &functions : NULL;
}

fenlei_status icu_error(fenlei_error *error)
{
    return error_set(error, FENLEI_IO, "it needs ICU, and " LIBRARY " cannot be loaded: %s",
                     reason);
}
