package org.tallystick.gateway.store;

/// Where an item of a list stands: what it came from on the ledger, and which part of that it is.
public record Place(long block, int transaction, int item, int part) {

    public static Place of(Position at, int part) {
        return new Place(at.block(), at.transaction(), at.item(), part);
    }

    public Position position() {
        return new Position(block, transaction, item);
    }
}
