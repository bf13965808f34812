package org.tallystick.acceptance.bench;

/// What a gateway carried in some time.
///
/// @param sent requests in a second
/// @param refused of these, from 0 to 1
/// @param applied instructions in a second, by the blocks
record Carried(double sent, double refused, double applied) {}
