package org.tallystick.ledger.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The root command with what every command understands.
@Command(
        name = "tally",
        description = "Signs, sends, reads and checks partnership agreements.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        version = "tally 0.1.0",
        scope = ScopeType.INHERIT,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = {
            "  tally agreement show north/vendor/reseller --gateway http://127.0.0.1:8080",
            "",
            "Exit codes: 0 done, or it holds; 1 refused, or it does not hold; 2 could not run."
        })
final class Options implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--home",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            defaultValue = "${env:TALLY_HOME:-${sys:user.home}/.tally}",
            description = "folder with your keys (default: $TALLY_HOME or ~/.tally)")
    Path home = Path.of(".");

    @Option(
            names = "--as",
            scope = ScopeType.INHERIT,
            paramLabel = "PARTY",
            description = "the party (or member, for its registrar) that signs (default: the only party in the home)")
    @Nullable
    Owner signer;

    @Option(
            names = "--key",
            scope = ScopeType.INHERIT,
            paramLabel = "THUMB",
            description = "the key that signs, by the beginning of its thumbprint")
    @Nullable
    String key;

    @Option(
            names = "--passphrase-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = {
                "the passphrase of the keys is the first line of this file",
                "(default: $TALLYSTICK_PASSPHRASE, or it is asked for)"
            })
    @Nullable
    Path passphraseFile;

    @Option(
            names = "--signer",
            scope = ScopeType.INHERIT,
            paramLabel = "COMMAND",
            defaultValue = "${env:TALLYSTICK_SIGNER}",
            description = {
                "a program that signs with a key kept elsewhere: docs/KEYS.md",
                "(default: $TALLYSTICK_SIGNER)"
            })
    @Nullable
    String program;

    @Option(
            names = "--unsent",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "write what would be sent to a file, for others to sign: tally sign")
    @Nullable
    Path unsent;

    @Option(
            names = "--gateway",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            defaultValue = "${env:TALLY_GATEWAY}",
            description = "send and read through this gateway (default: $TALLY_GATEWAY)")
    @Nullable
    URI gateway;

    @Option(
            names = "--peer",
            scope = ScopeType.INHERIT,
            paramLabel = "HOST:PORT",
            description = "send and read straight at a member's peer (default: the file `address` beside the identity)")
    @Nullable
    String peer;

    @Option(
            names = "--identity",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "folder with the member's Fabric identities, such as gateway.pem and gateway.key")
    @Nullable
    Path identity;

    @Option(
            names = "--member",
            scope = ScopeType.INHERIT,
            paramLabel = "MEMBER",
            description = "whose identity that is (default: the name of its folder)")
    @Nullable
    MemberId member;

    @Option(
            names = "--channel",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "channel of the ledger (default: tallystick)")
    @Nullable
    String channel;

    @Option(
            names = "--chaincode",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "name of the chaincode (default: tallystick)")
    @Nullable
    String chaincode;

    @Option(
            names = "--tls-authority",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = {
                "certificate authority in PEM of the peer's TLS certificate",
                "(default: the file `tls-authority.pem` beside the identity, if there is one)"
            })
    @Nullable
    Path tlsAuthority;

    @Option(
            names = "--wait",
            scope = ScopeType.INHERIT,
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "how long to wait for an answer, such as 10s or 5m (default: ${DEFAULT-VALUE})")
    Duration wait = Duration.ofSeconds(30);

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "answer for programs")
    boolean json;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "a command is missing");
        }
    }
}
