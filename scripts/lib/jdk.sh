# Finds JDK 25 and Maven for the other scripts; sourced, never run. Sets JAVA_HOME and PATH, `root` and `mvn_quiet`.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

jdk_version() { # the feature version of the JDK in $1, or nothing; read, since to start it takes longer than most commands
    [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

find_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/*jdk*25* "$HOME"/.sdkman/candidates/java/25* \
        /Library/Java/JavaVirtualMachines/*25*/Contents/Home "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /)")")")"; do
        if [ -n "$candidate" ] && [ "$(jdk_version "$candidate")" = 25 ]; then
            echo "$candidate"
            return
        fi
    done
}

JAVA_HOME=$(find_jdk)
if [ -z "$JAVA_HOME" ]; then
    echo "tallystick: error: JDK 25 was not found (looked in JAVA_HOME, /usr/lib/jvm, /opt, ~/.sdkman and on the PATH)" >&2
    echo "tallystick: hint: install Temurin 25 (https://adoptium.net) or set JAVA_HOME to a JDK 25" >&2
    exit 2
fi
export JAVA_HOME PATH="$JAVA_HOME/bin:$PATH"

if ! command -v mvn >/dev/null; then
    echo "tallystick: error: Maven (mvn) was not found on the PATH" >&2
    echo "tallystick: hint: install Maven 3.8 or newer, for example with: apt-get install maven" >&2
    exit 2
fi

# Maven itself still uses what JDK 25 warns about; the warnings are not ours and hide what matters.
export MAVEN_OPTS="${MAVEN_OPTS:-} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dorg.slf4j.simpleLogger.defaultLogLevel=warn"

# Maven that says nothing but warnings and errors.
mvn_quiet() { mvn --batch-mode -Dstyle.color=never --file "$root/pom.xml" "$@"; }
