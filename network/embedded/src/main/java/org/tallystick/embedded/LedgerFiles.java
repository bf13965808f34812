package org.tallystick.embedded;

import java.nio.file.Path;

/// Where a ledger keeps what it keeps, so that other processes find their own identity.
///
/// `members/<member>/` holds `ca`, `peer`, `gateway` and `admin`, each as a certificate (`.pem`) and a PKCS#8 key
/// (`.key`), and `address`, the host and port of the member's peer if it listens; `private` are the private data that
/// the member keeps, `transient` those that wait for their transaction.
public record LedgerFiles(Path folder) {

    public Path blocks() {
        return folder.resolve("blocks");
    }

    public Path lock() {
        return folder.resolve("lock");
    }

    public Path members() {
        return folder.resolve("members");
    }

    public Path certificate(String member, String identity) {
        return members().resolve(member).resolve(identity + ".pem");
    }

    public Path key(String member, String identity) {
        return members().resolve(member).resolve(identity + ".key");
    }

    /// `host:port` of the member's peer. It stays when the ledger ends, so that the next start takes the same port.
    public Path address(String member) {
        return members().resolve(member).resolve("address");
    }

    Path privateData(String member) {
        return members().resolve(member).resolve("private");
    }

    Path transientData(String member) {
        return members().resolve(member).resolve("transient");
    }

    Path orderer() {
        return folder.resolve("orderer");
    }

    /// A complete new ledger that was not yet moved into place; see [Founding].
    Path founding() {
        return folder.resolve("founding");
    }

    Path unfinishedFounding() {
        return folder.resolve("founding.tmp");
    }
}
