/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/supervise.h"

#include "command/message.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Meant for both processes, by whoever sends them. */
static const int passed_on[] = {SIGINT, SIGTERM, SIGHUP};
enum { N_PASSED_ON = sizeof passed_on / sizeof *passed_on };

static bool is_passed_on(int number)
{
    for (size_t i = 0; i < N_PASSED_ON; i++)
        if (passed_on[i] == number)
            return true;
    return false;
}

static int run_child(int (*work)(void *context), void *context, int failed, pid_t parent,
                     const sigset_t *signals)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        return failed; /* it ended before it could be heard */
    sigprocmask(SIG_SETMASK, signals, NULL);
    return work(context);
}

/* Waits for the child's end, and passes signals on until then; false when its status cannot be
 * had. */
static bool wait_for(pid_t child, const sigset_t *signals, int *status)
{
    pid_t ended;
    do {
        int number = sigwaitinfo(signals, NULL);
        if (number > 0 && number != SIGCHLD)
            kill(child, number);
        ended = waitpid(child, status, WNOHANG);
    } while (ended == 0 || (ended < 0 && errno == EINTR));
    return ended == child;
}

/* The kernel kills whoever uses most memory, and libsvm crashes where an allocation fails. */
static bool may_be_memory(int number)
{
    return number == SIGKILL || number == SIGSEGV || number == SIGBUS || number == SIGABRT;
}

static void tell_signal(int number)
{
    struct buffer text = {0};
    buffer_append_format(&text,
                         "ended by signal %d (%s); a model that was there is whole, the old one "
                         "or the new one",
                         number, strsignal(number));
    if (may_be_memory(number))
        buffer_append_string(&text,
                             ". If memory ran out: fewer documents, a higher --min-df, a lower "
                             "--memory or -j 1 need less");
    buffer_append(&text, "", 1);
    message(NULL, 0, text.failed ? "ended by a signal" : text.bytes);
    buffer_release(&text);
}

/* Ends as the child did: as its senders expect, and quietly where the reader of standard output is
 * gone. Returns where the signal is not to end this process. */
static void end_by_signal(int number)
{
    if (is_passed_on(number) || number == SIGPIPE)
        raise(number);
    else
        tell_signal(number);
}

int supervise(int (*work)(void *context), void *context, int failed)
{
    sigset_t signals, before;
    int status;
    signal(SIGCHLD, SIG_DFL); /* whoever started us may ignore it: then no child's end is told */
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    for (size_t i = 0; i < N_PASSED_ON; i++)
        sigaddset(&signals, passed_on[i]);
    sigprocmask(SIG_BLOCK, &signals, &before);
    pid_t parent = getpid(), child = fork();
    if (child == 0)
        return run_child(work, context, failed, parent, &before);
    if (child < 0) {
        message(NULL, 0,
                errno == ENOMEM ? "cannot start: out of memory" : "cannot start a process");
        return failed;
    }
    bool is_known = wait_for(child, &signals, &status);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (is_known && WIFEXITED(status))
        return WEXITSTATUS(status);
    if (is_known)
        end_by_signal(WTERMSIG(status));
    else
        message(NULL, 0, "cannot tell how the training ended");
    return failed;
}
