/* SPDX-License-Identifier: BSD-3-Clause */
/* Preloaded into a program, makes its system calls on files fail, also those that the C library
 * makes inside stdio: a seccomp filter turns each into a signal, whose handler makes the call,
 * changes it or refuses it.
 *
 *     SHIM_CALLS=NAME,...  which calls are meant: read write openat fsync rename ... (see below)
 *     SHIM_FAULT=FAULT     EINTR, EIO, ENOSPC, EMFILE: that error. short: at most 7 bytes.
 *                          kill-before, kill-half, kill-after: SIGKILL before, in the middle of
 *                          and after the call. kill-later: SHIM_DELAY nanoseconds after it
 *     SHIM_SIGNAL=N        that signal instead of SIGKILL
 *     SHIM_AT=N            the N-th of these calls, from 1
 *     SHIM_EVERY=N         or every N-th of them
 *     SHIM_REPORT=FILE     where "CALLS FAULTS\n" is written at exit
 *
 * Calls on standard error are never meant. The counters are shared with child processes. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* The sixth argument of a call that the filter lets through; none of the calls has six. */
#define PASS 0x5EED1E55u

enum { SHORTEST = 7 };

static const struct call {
    const char *name;
    long number;
    bool has_size; /* the third argument is one */
} calls[] = {
    {"read", SYS_read, true},
    {"pread", SYS_pread64, true},
    {"write", SYS_write, true},
    {"pwrite", SYS_pwrite64, true},
    {"readv", SYS_readv, false},
    {"writev", SYS_writev, false},
    {"openat", SYS_openat, false},
    {"close", SYS_close, false},
    {"fsync", SYS_fsync, false},
    {"fdatasync", SYS_fdatasync, false},
    {"lseek", SYS_lseek, false},
    {"fchmod", SYS_fchmod, false},
    {"renameat2", SYS_renameat2, false},
    {"unlinkat", SYS_unlinkat, false},
#ifdef SYS_rename
    {"rename", SYS_rename, false},
    {"unlink", SYS_unlink, false},
    {"open", SYS_open, false},
#else
    {"rename", SYS_renameat, false},
#endif
};
enum { N_CALLS = sizeof calls / sizeof *calls };

enum fault {
    FAULT_NONE,
    FAULT_ERROR,
    FAULT_SHORT,
    FAULT_BEFORE,
    FAULT_HALF,
    FAULT_AFTER,
    FAULT_LATER
};

static bool is_meant[N_CALLS];
static enum fault fault;
static int fault_error, kill_signal = SIGKILL;
static unsigned long fault_at, fault_every, kill_delay;
static pid_t first; /* the process that reports */
static struct counters {
    atomic_ulong calls, faults;
} * counters; /* shared with children */

static long make_call(long number, const unsigned long *a)
{
    int saved = errno;
    long result = syscall(number, a[0], a[1], a[2], a[3], a[4], PASS);
    if (result == -1)
        result = -errno;
    errno = saved;
    return result;
}

static void kill_self(void)
{
    syscall(SYS_kill, getpid(), kill_signal);
}

/* Counts a call that is meant, and says whether it is this one's turn. */
static bool is_due(const struct call *call, unsigned long descriptor)
{
    bool on_descriptor = strncmp(call->name, "open", 4) != 0 && strncmp(call->name, "re", 2) != 0 &&
                         strncmp(call->name, "unlink", 6) != 0;
    if (!is_meant[call - calls] || (on_descriptor && descriptor == STDERR_FILENO))
        return false;
    unsigned long number = atomic_fetch_add(&counters->calls, 1) + 1;
    bool due = fault_every > 0 ? number % fault_every == 0 : number == fault_at;
    if (due)
        atomic_fetch_add(&counters->faults, 1);
    return due;
}

static long refuse(const struct call *call, const unsigned long *a)
{
    if (call->number == SYS_close)
        make_call(call->number, a); /* closed all the same, as Linux does */
    return -fault_error;
}

static void kill_later(void)
{
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = kill_signal};
    struct itimerspec delay = {
        .it_value = {(time_t)(kill_delay / 1000000000), (long)(kill_delay % 999999999) + 1}};
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
        timer_settime(timer, 0, &delay, NULL) != 0)
        _exit(96);
}

static long make_faulty(const struct call *call, const unsigned long *a)
{
    unsigned long cut[] = {a[0], a[1], a[2], a[3], a[4]};
    long result = 0;
    switch (fault) {
    case FAULT_ERROR:
        return refuse(call, a);
    case FAULT_SHORT:
        if (call->has_size && cut[2] > SHORTEST)
            cut[2] = SHORTEST;
        return make_call(call->number, cut);
    case FAULT_HALF:
        cut[2] /= call->has_size && cut[2] > 1 ? 2 : 1;
        result = make_call(call->number, call->has_size ? cut : a);
        kill_self();
        break;
    case FAULT_BEFORE:
        kill_self();
        result = make_call(call->number, a);
        break;
    case FAULT_AFTER:
        result = make_call(call->number, a);
        kill_self();
        break;
    case FAULT_LATER:
        kill_later();
        result = make_call(call->number, a);
        break;
    case FAULT_NONE:
        result = make_call(call->number, a);
        break;
    }
    return result;
}

static void on_call(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    ucontext_t *machine = context;
#if defined(__x86_64__)
    greg_t *r = machine->uc_mcontext.gregs;
    unsigned long a[] = {(unsigned long)r[REG_RDI], (unsigned long)r[REG_RSI],
                         (unsigned long)r[REG_RDX], (unsigned long)r[REG_R10],
                         (unsigned long)r[REG_R8]};
    greg_t *result = &r[REG_RAX];
#elif defined(__aarch64__)
    unsigned long long *r = machine->uc_mcontext.regs;
    unsigned long a[] = {r[0], r[1], r[2], r[3], r[4]};
    unsigned long long *result = &r[0];
#else
#error "no registers known for this processor"
#endif
    const struct call *call = calls;
    while (call < calls + N_CALLS && call->number != info->si_syscall)
        call++;
    long made = call == calls + N_CALLS ? -ENOSYS
                : is_due(call, a[0])    ? make_faulty(call, a)
                                        : make_call(call->number, a);
    memcpy(result, &made, sizeof made);
}

/* ---- begin and end ---- */

static void read_fault(const char *name)
{
    static const struct {
        const char *name;
        enum fault fault;
        int error;
    } faults[] = {
        {"EINTR", FAULT_ERROR, EINTR},   {"EIO", FAULT_ERROR, EIO},
        {"ENOSPC", FAULT_ERROR, ENOSPC}, {"EMFILE", FAULT_ERROR, EMFILE},
        {"short", FAULT_SHORT, 0},       {"kill-before", FAULT_BEFORE, 0},
        {"kill-half", FAULT_HALF, 0},    {"kill-after", FAULT_AFTER, 0},
        {"kill-later", FAULT_LATER, 0},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strcmp(faults[i].name, name) == 0) {
            fault = faults[i].fault;
            fault_error = faults[i].error;
        }
    if (fault == FAULT_NONE)
        _exit(97);
}

static void read_calls(const char *names)
{
    char copy[256];
    char *rest;
    snprintf(copy, sizeof copy, "%s", names);
    for (char *name = strtok_r(copy, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest))
        for (size_t i = 0; i < N_CALLS; i++)
            is_meant[i] = is_meant[i] || strcmp(calls[i].name, name) == 0;
}

static unsigned long number_in(const char *variable)
{
    const char *text = getenv(variable);
    return text != NULL ? strtoul(text, NULL, 10) : 0;
}

static bool install_filter(void)
{
    struct sock_filter filter[4 + 2 * N_CALLS + 1];
    unsigned short n = 0;
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                               offsetof(struct seccomp_data, args[5]));
    filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PASS, 0, 1);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[n++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < N_CALLS; i++) {
        filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                   (unsigned)calls[i].number, 0, 1);
        filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    }
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {n, filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

__attribute__((constructor)) static void begin(void)
{
    struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    const char *names = getenv("SHIM_CALLS"), *kind = getenv("SHIM_FAULT");
    if (names == NULL || kind == NULL)
        return;
    read_calls(names);
    read_fault(kind);
    fault_at = number_in("SHIM_AT");
    fault_every = number_in("SHIM_EVERY");
    kill_delay = number_in("SHIM_DELAY");
    if (getenv("SHIM_SIGNAL") != NULL)
        kill_signal = (int)number_in("SHIM_SIGNAL");
    first = getpid();
    counters =
        mmap(NULL, sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (counters == MAP_FAILED || sigaction(SIGSYS, &action, NULL) != 0 || !install_filter())
        _exit(98); /* a system without seccomp */
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("SHIM_REPORT");
    char line[64];
    if (path == NULL || counters == NULL || getpid() != first)
        return;
    int size = snprintf(line, sizeof line, "%lu %lu\n", atomic_load(&counters->calls),
                        atomic_load(&counters->faults));
    memset(is_meant, 0, sizeof is_meant);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0 || write(descriptor, line, (size_t)size) != size)
        _exit(99);
}
