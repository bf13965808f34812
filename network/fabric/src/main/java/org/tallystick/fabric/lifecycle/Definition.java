package org.tallystick.fabric.lifecycle;

import java.nio.file.Path;
import java.util.Optional;

/// What the members approve: which code the name stands for, and where it may keep private data.
///
/// @param sequence one more than that of the definition before
/// @param collections the private collections, in the file that Fabric's `--collections-config` names
public record Definition(String name, String version, long sequence, Optional<Path> collections) {

    /// One whose chaincode has no private data.
    public Definition(String name, String version, long sequence) {
        this(name, version, sequence, Optional.empty());
    }

    /// The same with these collections.
    public Definition with(Optional<Path> others) {
        return new Definition(name, version, sequence, others);
    }

    /// The label of the packages that belong to it.
    public String label() {
        return name + "_" + version;
    }
}
