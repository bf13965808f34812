package org.tallystick.agreement.signing;

/// What comes of reading an envelope: it is well formed, or it is answered already.
public sealed interface Read permits Signed, Answered {}
