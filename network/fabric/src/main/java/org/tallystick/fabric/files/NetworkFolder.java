package org.tallystick.fabric.files;

import java.nio.file.Path;

/// Where a network keeps what it keeps.
///
/// `members/NAME` has all of one member and goes to that member's machine; `public` is what everybody may see and
/// everybody needs.
public record NetworkFolder(Path path) {

    public NetworkFolder {
        path = path.toAbsolutePath().normalize();
    }

    /// The topology as the network was made from it.
    public Path topology() {
        return path.resolve("topology.yaml");
    }

    /// The names of the members whose keys are here, one a line; without it they are all here.
    public Path here() {
        return path.resolve("here");
    }

    /// What the nodes run as.
    public Path backend() {
        return path.resolve("backend.json");
    }

    /// The containers, if they run as such.
    public Path compose() {
        return path.resolve("docker-compose.yaml");
    }

    /// Where compose finds the name of its project.
    public Path composeProject() {
        return path.resolve(".env");
    }

    /// What is of use only while something is done.
    public Path work() {
        return path.resolve("work");
    }

    public Path genesis() {
        return path.resolve("public/genesis.block");
    }

    /// The code of chaincode processes, one folder for each version.
    public Path chaincode() {
        return path.resolve("public/chaincode");
    }

    /// Where `configtxgen` finds its input.
    public Path channel() {
        return path.resolve("public/channel");
    }

    /// Certificates of a member that others need.
    public PublicFolder open(String member) {
        return new PublicFolder(path.resolve("public").resolve(member));
    }

    public MemberFolder member(String member) {
        return new MemberFolder(path.resolve("members").resolve(member));
    }

    /// What a member shows to the others.
    public record PublicFolder(Path path) {

        /// The member as the channel knows it.
        public Path msp() {
            return path.resolve("msp");
        }

        public Path authority() {
            return msp().resolve("cacerts/authority.pem");
        }

        public Path tlsAuthority() {
            return msp().resolve("tlscacerts/tls-authority.pem");
        }

        /// The TLS certificate by which other orderers know an orderer.
        public Path tls(String orderer) {
            return path.resolve(orderer + "-tls.pem");
        }

        public Path identity(String orderer) {
            return path.resolve(orderer + ".pem");
        }
    }
}
