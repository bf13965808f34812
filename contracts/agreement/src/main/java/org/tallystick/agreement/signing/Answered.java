package org.tallystick.agreement.signing;

import org.tallystick.agreement.answer.No;

/// The envelope has its answer before any rule was asked.
///
/// @param no of kind FORM or WAITING: there is no valid signature that a verdict could be held against
public record Answered(No no) implements Read, PartlyRead, Verification {}
