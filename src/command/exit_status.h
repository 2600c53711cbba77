/* SPDX-License-Identifier: BSD-3-Clause */
/* What the programs end with. */
#ifndef COMMAND_EXIT_STATUS_H
#define COMMAND_EXIT_STATUS_H

enum exit_status {
    EXIT_DONE = 0,
    EXIT_INPUT = 1, /* some input could not be used, or a result not be written */
    EXIT_USAGE = 2, /* the command line is wrong */
    EXIT_MODEL = 3, /* there is no usable model */
    EXIT_KEPT = 4   /* `train --replace`: the old model is the better one, and stayed */
};

#endif
