package org.tallystick.ledger.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.log.Reading;
import org.tallystick.ledger.log.ReceiptFile;
import org.tallystick.ledger.log.ReceiptItem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Checks a receipt without asking anybody.
@Command(
        name = "receipt",
        description = {
            "Checks what a gateway promised, offline: that this member's key signed it, for these instructions.",
            "",
            "The key is the member's log key as the ledger names it (log/MEMBER/log), or as a trust file has it; never",
            "one that came with the receipt."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally receipt kept.json --by north --ledger 5f0c... --vkey \"$(cat north.vkey)\"")
final class ReceiptCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "what tally submit --receipt kept")
    Path file = Path.of(".");

    @Option(names = "--by", paramLabel = "MEMBER", required = true, description = "whose gateway it was sent to")
    String member = "";

    @Option(names = "--ledger", required = true, description = "the id of the ledger")
    String ledger = "";

    @Option(names = "--vkey", required = true, description = "the member's log key")
    String vkey = "";

    ReceiptCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        MemberId gave = MemberId.parse(member).orElseThrow(() -> wrong("--by", "such as north"));
        VerifierKey key =
                VerifierKey.parse(vkey.strip()).orElseThrow(() -> wrong("--vkey", "a line with two plus signs"));
        if (!Hash.isHash(ledger)) {
            throw wrong("--ledger", "64 hex digits");
        }
        ReceiptFile receipt = switch (ReceiptFile.parse(Bytes.copyOf(Files.readAllBytes(file)))) {
            case Reading.Fault<ReceiptFile>(var why) ->
                throw CommandFailure.cannot(file + " is no receipt: " + why, "tally submit --receipt keeps one");
            case Reading.Value<ReceiptFile>(var read) -> read;
        };
        List<String> faults = receipt.faults(new Hash(ledger), gave, key);
        if (!faults.isEmpty()) {
            throw CommandFailure.refused(
                    "it does not hold: " + String.join("; ", faults), "it is no promise of " + gave + "'s gateway");
        }
        for (ReceiptItem item : receipt.items()) {
            shell.out()
                    .println(item.leaf().instruction() + " received "
                            + item.leaf().received().text() + ", an answer promised by "
                            + item.leaf().promised().text());
        }
        return Tally.DONE;
    }

    private static CommandFailure wrong(String option, String form) {
        return CommandFailure.cannot(option + " has a wrong form", form);
    }
}
