package org.tallystick.fabric.lifecycle;

/// What the members approve: which code the name stands for.
///
/// @param sequence one more than that of the definition before
public record Definition(String name, String version, long sequence) {

    /// The label of the packages that belong to it.
    public String label() {
        return name + "_" + version;
    }
}
