package org.tallystick.ledger.yaml;

/// One thing that is wrong, and where: a JSON pointer.
public record Fault(String at, String what) {
    @Override
    public String toString() {
        return (at.isEmpty() ? "/" : at) + " " + what;
    }
}
