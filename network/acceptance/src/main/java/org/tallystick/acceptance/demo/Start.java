package org.tallystick.acceptance.demo;

import java.io.IOException;
import java.nio.file.Path;
import org.tallystick.acceptance.Audience;
import org.tallystick.acceptance.Auditor;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.NotDone;
import org.tallystick.acceptance.Partner;
import org.tallystick.acceptance.Stand;
import org.tallystick.ledger.cli.UntilStopped;

/// A stand to develop against: an embedded ledger and a gateway of each member with one settled agreement, until it is
/// told to stop. The gateways publish the log, and `start.tallytrust` knows their keys.
///
/// Usage: Start ROOT FOLDER. ROOT is the repository; FOLDER is emptied. Standard output has a line `NAME URL` for each
/// service, then `ready`.
public final class Start {

    private Start() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: Start ROOT FOLDER");
            System.exit(2);
        }
        Path examples = Path.of(arguments[0]).resolve("docs/spec/examples");
        Path folder = Path.of(arguments[1]);
        Folders.empty(folder);
        int exitCode = 0;
        try (UntilStopped until = new UntilStopped()) {
            EmbeddedNetwork network = EmbeddedNetwork.start(folder);
            try (Stand stand = Stand.withLogs(folder, network, new Commands())) {
                fill(stand, ExampleAgreement.channelReseller(examples));
                Path _ = new Auditor(stand, "start").trusts(stand.logs().vkeys());
                String _ = stand.logs().awaitCosigned();
                announce(network, stand);
                until.await();
            }
        } catch (NotDone e) {
            System.err.println("start: error: " + e.getMessage());
            exitCode = 1;
        }
        System.exit(exitCode);
    }

    private static void fill(Stand stand, ExampleAgreement agreement) {
        stand.registerRegistrars();
        stand.registerLogKeys();
        boolean _ = stand.reachesEndOfExamples();
        stand.agree(agreement);
        Partner hub = stand.partner(agreement.hub());
        for (String period : agreement.periods()) {
            agreement.signers().forEach(party -> stand.partner(party).reports(agreement, period));
            hub.closes(agreement, period);
        }
    }

    private static void announce(EmbeddedNetwork network, Stand stand) throws IOException {
        for (String member : network.members()) {
            System.out.println("peer-" + member + " grpc://" + network.address(member));
        }
        stand.logs().gateways().forEach((member, gateway) -> {
            boolean first = gateway.equals(stand.gateway());
            System.out.println((first ? "gateway" : "gateway-" + member) + " " + gateway);
        });
        System.out.println("ready");
        System.out.flush();
    }

    /// Says each command, and nothing of what it prints: standard output is for programs.
    private record Commands() implements Audience {

        @Override
        public void command(String line) {
            System.err.println("start: " + line);
        }

        @Override
        public void output(String text) {}
    }
}
