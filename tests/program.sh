# SPDX-License-Identifier: BSD-3-Clause
# Sourced by the whole-program tests: a scratch folder, and assertions on commands.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# run COMMAND...: its output in $work/out and $work/err, its exit status in $status
run() {
    "$@" >"$work/out" 2>"$work/err"
    status=$?
}

complain() {
    echo "$*"
    echo "--- output"
    head -20 "$work/out"
    echo "--- messages"
    head -20 "$work/err"
    failures=$((failures + 1))
}

expect_status() {
    [ "$status" -eq "$1" ] || complain "$2: exit status $status, not $1"
}

expect_message() {
    grep -qF -- "$1" "$work/err" || complain "no message with: $1"
}

expect_output() {
    grep -qF -- "$1" "$work/out" || complain "no output with: $1"
}

expect_lines() {
    [ "$(wc -l <"$work/out")" -eq "$1" ] || complain "$2: $(wc -l <"$work/out") lines, not $1"
}

expect_same() {
    cmp -s "$1" "$2" || { complain "$3"; diff "$1" "$2" | head -20; }
}

# terminal COMMAND: run with a terminal for standard output and messages.
terminal() {
    run script -qec "$1" /dev/null </dev/null
}

# Says so where there is none to be had, as in a bare container.
has_terminal() {
    terminal true
    [ "$status" -eq 0 ] || { echo "skipped: on a terminal (none can be made here)" && false; }
}

finish() {
    [ "$failures" -eq 0 ]
    exit
}
