package org.tallystick.fabric.files;

import java.nio.file.Path;

/// Everything of one member, its secrets among it: nobody else may read this folder.
public record MemberFolder(Path path) {

    /// A certificate (`NAME.pem`) and its key (`NAME.key`) in one folder.
    public record Pair(Path certificate, Path key) {}

    private static Pair pair(Path folder, String name) {
        return new Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
    }

    private Path authorities() {
        return path.resolve("authority");
    }

    /// Vouches for the member's identities.
    public Pair authority() {
        return pair(authorities(), "authority");
    }

    /// Vouches for the TLS certificates of the member's nodes.
    public Pair tlsAuthority() {
        return pair(authorities(), "tls-authority");
    }

    /// A copy of every identity's certificate that was ever issued.
    public Path issued() {
        return authorities().resolve("issued");
    }

    public Path revoked() {
        return authorities().resolve("revoked.pem");
    }

    /// An identity that signs as the member.
    public Pair identity(String name) {
        return pair(path, name);
    }

    /// With which the admin shows itself to the member's orderers.
    public Pair adminTls() {
        return pair(path.resolve("admin"), "tls");
    }

    /// The admin as Fabric's programs want it.
    public Path adminMsp() {
        return path.resolve("admin/msp");
    }

    /// `host:port` of the member's first peer, where the command line looks for it.
    public Path address() {
        return path.resolve("address");
    }

    /// Against which that peer's certificate is checked.
    public Path addressAuthority() {
        return path.resolve("tls-authority.pem");
    }

    public NodeFolder node(String name) {
        return new NodeFolder(path.resolve("nodes").resolve(name));
    }

    /// What one process needs and leaves behind.
    public record NodeFolder(Path path) {

        public Path msp() {
            return path.resolve("msp");
        }

        /// The identity in the MSP.
        public Pair identity() {
            return new Pair(msp().resolve("signcerts/cert.pem"), msp().resolve("keystore/key.pem"));
        }

        public Pair tls() {
            return pair(path.resolve("tls"), "server");
        }

        /// Of a chaincode process: which ledger it lets begin.
        public Path charter() {
            return path.resolve("charter.json");
        }

        /// Of a chaincode process: with which its peer shows itself to it.
        public Pair caller() {
            return pair(path.resolve("tls"), "caller");
        }

        public Path tlsAuthority() {
            return path.resolve("tls/authority.pem");
        }

        /// The ledger.
        public Path data() {
            return path.resolve("data");
        }

        public Path snapshots() {
            return path.resolve("snapshots");
        }

        /// What the peer made of the packages it installed.
        public Path builds() {
            return data().resolve("externalbuilder/builds");
        }

        /// The snapshots of a channel, each in a folder named by its block.
        public Path snapshots(String channel) {
            return snapshots().resolve("completed").resolve(channel);
        }

        public Path builder() {
            return path.resolve("builder");
        }

        public Path log() {
            return path.resolve("log");
        }

        /// Says which process it is, while it runs.
        public Path process() {
            return path.resolve("process.json");
        }
    }
}
