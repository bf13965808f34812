package org.tallystick.agreement.life;

/// An instruction.
///
/// @param id the party's own, and so unique for it
/// @param hash that names it
/// @param holder of the key that signed, or nothing
/// @param version that it acts on
/// @param made time of its id
/// @param from begin of its window, `until` its end
public record Asked(
        String id,
        String hash,
        String party,
        String holder,
        String version,
        long made,
        long from,
        long until,
        Deed deed) {}
