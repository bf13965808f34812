/// What the scenarios and the demo share: a [Stand] on a [Network], with [Partner]s, an [Auditor] and [Lies], who play
/// the examples of the specification as agreements of this ledger's parties.
@NullMarked
package org.tallystick.acceptance;

import org.jspecify.annotations.NullMarked;
