package org.tallystick.agreement.json;

import java.util.function.Function;

/// How a kind of record is written as a JSON object, and read back.
///
/// @param decode gives, for the object that `encode` made of a record, an equal one
public record Codec<T>(Function<Json.Obj, T> decode, Function<T, Json.Obj> encode) {}
