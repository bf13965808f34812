package org.tallystick.fabric.node;

/// Hears what is being done, in plain sentences.
@FunctionalInterface
public interface Progress {

    void says(String sentence);
}
