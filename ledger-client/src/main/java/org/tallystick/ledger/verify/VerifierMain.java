package org.tallystick.ledger.verify;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.pack.TrustCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The program of the verifier's own jar, which needs nothing beside Java: `verify` and `trust`, as `tally` has them.
@Command(
        name = "tallystick-verifier",
        description = "Check audit packs of Tallystick, offline, and make the trust files that this takes.",
        mixinStandardHelpOptions = true)
public final class VerifierMain implements Callable<Integer> {

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "answers for a program")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    private VerifierMain() {}

    public static void main(String[] arguments) {
        VerifierMain main = new VerifierMain();
        System.exit(new CommandLine(main)
                .addSubcommand(new VerifyCommand(() -> main.json))
                .addSubcommand(new TrustCommand(() -> FabricLedger.Settings.USUAL_CHAINCODE))
                .execute(arguments));
    }

    /// Without a command there is nothing to do but to say which there are.
    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
        return 2;
    }
}
