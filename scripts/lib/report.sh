# Runs Maven for the scripts check and test, and ends with the table of what ran; sourced after jdk.sh.
# shellcheck shell=bash

say() { echo "tallystick: $*"; }

status=0
begin=$(date +%s)
# Reports of an earlier run would be told as this one's.
find "$root" -path '*/target/surefire-reports/TEST-*.xml' -delete

# run_maven NAME GOAL...: goes on to the table whatever happens.
run_maven() {
    local name=$1
    shift
    # Modules that do not need each other are built side by side.
    if ! mvn_quiet --threads 2 --fail-at-end "$@"; then
        status=1
        say "error: $name failed; the lines above say where"
    fi
}

# What ./scripts/format mends is said in seconds, not after all tests.
check_format() {
    say "checking the format"
    run_maven "the format" spotless:check
    [ "$status" = 0 ] || finish
}

# That the modules of the second verifier can be read; the tests run them.
check_python() {
    if ! command -v python3 >/dev/null; then
        say "not run: Python's own check of ledger-client/verify-py (python3 was not found)"
        return
    fi
    if ! python3 -m py_compile "$root"/ledger-client/verify-py/*.py "$root"/ledger-client/verify-py/*/*.py; then
        say "error: a file of ledger-client/verify-py cannot be compiled"
        status=1
    fi
}

# Prints the table of what ran and what did not and why, and leaves with the result.
finish() {
    local took=$(($(date +%s) - begin))
    java "$root/scripts/lib/Report.java" "$root" "$status" || status=1
    say "took $((took / 60)) min $((took % 60)) s on $(nproc 2>/dev/null || echo some) processors"
    exit "$status"
}
