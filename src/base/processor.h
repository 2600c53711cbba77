/* SPDX-License-Identifier: BSD-3-Clause */
/* What this processor can do beyond what each of its kind does.
 *
 * The C library asked it at the start. The compiler's own way, __builtin_cpu_supports(), asks again
 * at every start, a dozen times: each takes 5 microseconds in a virtual machine. */
#ifndef BASE_PROCESSOR_H
#define BASE_PROCESSOR_H

#ifdef __x86_64__
#include <stdbool.h>
#if __has_include(<sys/platform/x86.h>) /* from glibc 2.33 on */
#include <sys/platform/x86.h>

/* glibc's own CPU_FEATURE_ACTIVE() shifts a signed 1 by 31 places for AVX512VL, which C leaves
 * undefined: its table is read here with the same numbers. */
static inline bool processor_is_active(unsigned feature)
{
    const struct cpuid_feature *leaf = __x86_get_cpuid_feature_leaf(feature / 128);
    return (leaf->active_array[feature / 32 % 4] >> feature % 32 & 1) != 0;
}

#define PROCESSOR_HAS(glibc_name, name) processor_is_active(x86_cpu_##glibc_name)
#else
#define PROCESSOR_HAS(glibc_name, name) (__builtin_cpu_supports(name) != 0)
#endif

static inline bool processor_has_avx2(void)
{
    return PROCESSOR_HAS(AVX2, "avx2");
}

/* AVX-512 with what came with it in all but the first processors: F, CD, DQ and VL. */
static inline bool processor_has_avx512(void)
{
    return PROCESSOR_HAS(AVX512F, "avx512f") && PROCESSOR_HAS(AVX512CD, "avx512cd") &&
           PROCESSOR_HAS(AVX512DQ, "avx512dq") && PROCESSOR_HAS(AVX512VL, "avx512vl");
}

#undef PROCESSOR_HAS
#endif

#endif
