# Runs our programs from their jars, built first if they are missing or older than the sources; sourced after jdk.sh.
# shellcheck shell=bash

classpath_file=$root/network/acceptance/target/classpath
archive=$root/network/acceptance/target/tally.jsa

built() {
    [ -f "$classpath_file" ] && [ -z "$(find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/*/pom.xml "$root"/*/src/main "$root"/*/*/src/main \
        -type f -newer "$classpath_file" -print -quit)" ]
}

build_if_needed() {
    if ! built; then
        echo "tallystick: building what is missing (the first time it takes some minutes)" >&2
        mvn_quiet package -DskipTests
        touch "$classpath_file"
        rm -f "$archive"
    fi
}

# Emptying somebody's own folder would be a bad first impression.
refuse_foreign() { # FOLDER
    if [ -d "$1" ] && [ -n "$(ls -A "$1")" ] && [ ! -d "$1/ledger" ]; then
        echo "$script: error: $1 has files that ./scripts/$script did not make" >&2
        echo "$script: hint: name a folder that is empty or not there yet" >&2
        exit 2
    fi
}

class_path() {
    local own=$root/network/acceptance/target
    echo "$(ls "$own"/acceptance-*.jar):$(cat "$classpath_file")"
}

# What JDK 25 would warn about in gRPC and protobuf; and a start without much compiling, for programs that are short.
java_options=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
archive_options=(-XX:SharedArchiveFile="$archive" -XX:+AutoCreateSharedArchive -Xlog:cds=off -Xlog:aot=off)
short_options=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC "${archive_options[@]}")
# For a command that works through a large file: compiled as long as it gains, in little memory (TallyProcess.LARGE).
large_options=(-XX:+UseSerialGC -Xms64m -Xmx112m -Xmn48m "${archive_options[@]}")
