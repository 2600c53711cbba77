/* SPDX-License-Identifier: BSD-3-Clause */
/* A child process does the work and this one answers for it.
 *
 * libsvm does not survive a failed allocation, and the kernel may end whoever uses most memory. The
 * work therefore runs in a child; when a signal ends it, there is still somebody to say so. Models
 * are written whole or not at all (base/replace.h), so nothing else has to be put right. */
#ifndef TRAIN_SUPERVISE_H
#define TRAIN_SUPERVISE_H

/* Runs work(context) in a child process and returns its result as the exit status to end with. When
 * a signal ends the child, that is said in words, and `failed` is returned. SIGINT, SIGTERM and
 * SIGHUP are passed on to the child and then end this process too, as their senders expect; SIGPIPE
 * ends both without a word. The child ends with this process, however that ends. How SIGCHLD was
 * set before does not matter, and it is at its default afterwards. To be called before there are
 * threads. */
int supervise(int (*work)(void *context), void *context, int failed);

#endif
