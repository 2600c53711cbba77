#include "train/supervise.h"

#include "command/message.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* Waits for the child's end, and passes signals on until then; returns its status. */
static int wait_for(pid_t child, const sigset_t *signals)
{
    int status;
    for (;;) {
        int number = sigwaitinfo(signals, NULL);
        if (number > 0 && number != SIGCHLD)
            kill(child, number);
        pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child)
            return status;
    }
}

static void tell_signal(int number)
{
    char text[240];
    snprintf(
        text, sizeof text,
        "ended by signal %d (%s), most likely because memory ran out; a model that was there is "
        "as it was. Fewer documents, a higher --min-df, a lower --memory or -j 1 need less",
        number, strsignal(number));
    message(NULL, 0, text);
}

int supervise(int (*work)(void *context), void *context, int failed)
{
    sigset_t signals, before;
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
    int status = wait_for(child, &signals);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    if (is_passed_on(WTERMSIG(status)))
        raise(WTERMSIG(status));
    else
        tell_signal(WTERMSIG(status));
    return failed;
}
