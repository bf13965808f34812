package org.tallystick.agreement.signing;

/// What comes of reading an instruction that not all have signed: it is well formed, or it is answered already.
public sealed interface PartlyRead permits PartlySigned, Answered {}
