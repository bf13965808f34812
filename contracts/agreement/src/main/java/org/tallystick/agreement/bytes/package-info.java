/// Bytes as values: immutable octets, their SHA-256 hash, base64url and the Merkle tree of RFC 6962.
@NullMarked
package org.tallystick.agreement.bytes;

import org.jspecify.annotations.NullMarked;
