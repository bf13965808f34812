/// Tells those whom the operator named, over HTTP, what the ledger brings: signed, in order, tried again for days, and
/// never at an address that is not public.
///
/// Start at [org.tallystick.gateway.webhook.Webhooks]; what a receiver gets is in docs/FOLLOWING.md.
@NullMarked
package org.tallystick.gateway.webhook;

import org.jspecify.annotations.NullMarked;
