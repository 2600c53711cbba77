/* SPDX-License-Identifier: BSD-3-Clause */
/* What a process can no longer do once it has confined itself: each in a child of its own. */
#include "read/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What each child tries; true when it is refused. */

static bool is_refused_writing(void)
{
    return open("/dev/null", O_WRONLY) < 0 && open("/dev/null", O_RDWR) < 0 &&
           open("/tmp/fenlei-confine", O_RDONLY | O_CREAT, 0600) < 0;
}

static bool is_refused_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0 && socket(AF_UNIX, SOCK_STREAM, 0) < 0;
}

static bool is_refused_process(void)
{
    char name[] = "/bin/true", *arguments[] = {name, NULL};
    execv(name, arguments);
    return fork() < 0 && kill(getppid(), 0) < 0;
}

static bool is_refused_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
           MAP_FAILED;
}

static bool is_refused_removal(void)
{
    return unlink("/tmp/fenlei-confine") < 0 && errno == EPERM && chdir("/") < 0;
}

static bool is_refused_memory(void)
{
    return mmap(NULL, (size_t)CONFINE_MEMORY, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
           MAP_FAILED;
}

/* ... and what goes on. */
static bool is_given_reading(void)
{
    volatile char *memory = malloc(1 << 20);
    int folder = open("/usr", O_RDONLY | O_DIRECTORY);
    bool good = memory != NULL && folder >= 0 && write(STDOUT_FILENO, "", 0) == 0;
    free((void *)(uintptr_t)memory);
    return good;
}

static void in_child(bool (*is_right)(void))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(confine("/usr") && is_right() ? 0 : 1);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_nothing_leaves(void **state)
{
    (void)state;
    in_child(is_refused_writing);
    in_child(is_refused_socket);
    in_child(is_refused_process);
    in_child(is_refused_code);
    in_child(is_refused_removal);
}

static void test_reading_goes_on(void **state)
{
    (void)state;
    in_child(is_given_reading);
}

/* Sanitizers take the bound on memory away. */
static void test_memory(void **state)
{
    (void)state;
#ifndef __SANITIZE_ADDRESS__
    in_child(is_refused_memory);
#else
    (void)is_refused_memory;
#endif
}

/* Work without end is ended by the system. */
static void test_time(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit one = {1, 1};
        setrlimit(RLIMIT_CPU, &one); /* confine() makes no limit wider */
        if (!confine("/usr"))
            _exit(1);
        for (volatile unsigned i = 0;; i++)
            ;
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

int main(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 0; /* what a sanitizer maps and calls by itself is not allowed here */
#endif
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_leaves),
        cmocka_unit_test(test_reading_goes_on),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
