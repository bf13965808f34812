package org.tallystick.fabric.lifecycle;

/// Code that chaincode processes run.
///
/// @param id of the package by which peers know it
public record Packaged(Code code, String id) {}
