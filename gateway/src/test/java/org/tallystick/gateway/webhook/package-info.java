/// Tests of what only this package knows.
@org.jspecify.annotations.NullMarked
package org.tallystick.gateway.webhook;
