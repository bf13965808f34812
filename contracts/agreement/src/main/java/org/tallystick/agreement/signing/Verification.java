package org.tallystick.agreement.signing;

/// What comes of verifying an envelope: it is good, or it is answered already.
public sealed interface Verification permits Verified, Answered {}
