/// The rules: plain Java, no ledger, no network, no clock, no input or output.
@NullMarked
package org.tallystick.agreement;

import org.jspecify.annotations.NullMarked;
