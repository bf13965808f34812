package org.tallystick.acceptance.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.ExampleAgreement;
import org.tallystick.acceptance.NotDone;
import org.tallystick.acceptance.Stand;

/// From a signed agreement to a settlement that an outsider verifies, told step by step with the real output.
///
/// Usage: Demo ROOT FOLDER. ROOT is the repository; FOLDER is emptied, and keeps what the demo makes.
public final class Demo {

    private Demo() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: Demo ROOT FOLDER");
            System.exit(2);
        }
        Path folder = Path.of(arguments[1]);
        Folders.empty(folder);
        Narrator narrator = new Narrator(System.out);
        long begin = System.nanoTime();
        try (Stand stand = Stand.withLogs(folder, EmbeddedNetwork.start(folder), narrator)) {
            tell(stand, narrator, Path.of(arguments[0]));
        } catch (NotDone e) {
            System.err.println("demo: error: " + e.getMessage());
            System.exit(1);
        }
        long seconds = (System.nanoTime() - begin) / 1_000_000_000;
        end(System.out, narrator, folder, seconds);
        System.exit(narrator.allHeld() ? 0 : 1);
    }

    private static void tell(Stand stand, Narrator narrator, Path root) throws Exception {
        Path examples = root.resolve("docs/spec/examples");
        ExampleAgreement reseller = ExampleAgreement.channelReseller(examples);
        ExampleAgreement delivery = ExampleAgreement.serviceDelivery(examples);
        Story story = new Story(stand, narrator);

        narrator.chapter("A trial ledger of three members starts");
        story.begin();
        story.enroll(reseller.signers());
        narrator.chapter("The vendor offers an agreement; the others read it and accept");
        story.agree(reseller);
        narrator.chapter("Its sources report what was sold and declare each quarter complete; each quarter is closed");
        reseller.periods().forEach(period -> story.settle(reseller, period));
        narrator.chapter("The same for another agreement on the same ledger, with other parties");
        story.enroll(delivery.signers());
        story.agree(delivery);
        delivery.periods().forEach(period -> story.settle(delivery, period));
        narrator.chapter("Every member's gateway has built the log of the ledger, and cosigned that of the others");
        story.log();
        narrator.chapter("An auditor takes a pack of each agreement and recomputes it, in a process of its own");
        Path trust = story.trust();
        Path pack = story.packs(reseller);
        story.verify(reseller, pack, trust);
        story.verifyOnceMore(root, pack, trust);
        story.verify(delivery, story.fetches(delivery), trust);
        narrator.chapter("Lies are found");
        story.tamper(pack, trust);
        story.lie(reseller);
        narrator.chapter("The ledger process is killed with SIGKILL and started again");
        story.killAndCompare(List.of(reseller, delivery));
    }

    private static void end(PrintStream out, Narrator narrator, Path folder, long seconds) {
        out.println();
        if (narrator.allHeld()) {
            out.println("All " + narrator.comparisons() + " comparisons held. It took " + seconds + " s.");
        } else {
            out.println(narrator.failures() + " of " + narrator.comparisons() + " comparisons DID NOT HOLD.");
        }
        out.println();
        out.println("What it made stays in " + folder + ":");
        out.println("  " + folder.resolve("reseller.tallypack"));
        out.println("  " + folder.resolve("delivery.tallypack"));
        out.println("  " + folder.resolve("demo.tallytrust"));
        out.println("  " + folder.resolve("ledger") + "   (start it again: the blocks and the members' identities)");
        out.println();
        out.println("Try next:");
        out.println("  ./scripts/tally verify " + folder.resolve("reseller.tallypack") + " --trust "
                + folder.resolve("demo.tallytrust"));
        out.println("  ./scripts/tally terms settle docs/spec/examples/01-channel-reseller.json");
        out.println("  ./scripts/tally terms render docs/spec/examples/04-si-service-delivery.json");
    }
}
