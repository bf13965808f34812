/// A ledger in one process that serves Fabric's own gRPC services, for first use, development and tests.
@NullMarked
package org.tallystick.embedded;

import org.jspecify.annotations.NullMarked;
