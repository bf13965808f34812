# How the scripts answer --help and arguments they do not know; sourced before anything else is looked for.
# shellcheck shell=bash

script=$(basename "$0")

# Prints the comment at the head of the script, and leaves.
usage() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
    exit 0
}

unknown() { # ARGUMENT
    echo "$script: error: unknown argument $1" >&2
    echo "$script: hint: ./scripts/$script --help" >&2
    exit 2
}

missing() { # WHAT
    echo "$script: error: $1 is missing" >&2
    echo "$script: hint: ./scripts/$script --help" >&2
    exit 2
}
