/// Scenarios that run unchanged on every kind of ledger, and the demo, which is one of them told aloud.
@NullMarked
package org.tallystick.acceptance;

import org.jspecify.annotations.NullMarked;
