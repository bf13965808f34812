/// What a partner or auditor runs without our server: sign, submit, follow, prove, verify.
@NullMarked
package org.tallystick.ledger;

import org.jspecify.annotations.NullMarked;
