# SPDX-License-Identifier: BSD-3-Clause
"""Ctrl-C as a person's terminal has it, also where the tests run in the background of a shell, which
ignores it: what they start inherits that."""

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
