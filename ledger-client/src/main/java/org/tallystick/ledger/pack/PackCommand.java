package org.tallystick.ledger.pack;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tally pack AGREEMENT -o FILE`: writes the audit pack of an agreement.
@Command(
        name = "pack",
        description = "Write the audit pack of an agreement: all an outsider needs to check its history.",
        mixinStandardHelpOptions = true)
public final class PackCommand implements Callable<Integer> {

    /// How the command reaches the ledger it was pointed at.
    @FunctionalInterface
    public interface Door {
        Ledger open() throws Exception;
    }

    private final Door door;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "AGREEMENT", description = "The agreement's id, for example north/platform/creators.")
    private String agreement = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The pack to write, NAME.tallypack.")
    private Path output = Path.of("");

    @Option(names = "--period", paramLabel = "PERIOD", description = "Only up to the close of this period.")
    private @Nullable String period;

    public PackCommand(Door door) {
        this.door = door;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter error = Output.error(spec);
        Optional<AgreementId> id = AgreementId.parse(agreement);
        if (id.isEmpty()) {
            error.println("tally: error: not an agreement id: " + agreement);
            error.println("tally: hint: it has the form member/party/label");
            return 2;
        }
        try (Ledger ledger = door.open()) {
            write(new PackBuilder(ledger, id.get(), Optional.ofNullable(period)));
            Output.out(spec).println(output);
            return 0;
        } catch (PackBuilder.NothingToPack e) {
            error.println("tally: error: " + e.getMessage());
            return 1;
        } catch (LedgerException | IOException e) {
            error.println("tally: error: the pack could not be written: " + e.getMessage());
            return 2;
        }
    }

    /// Writes beside the file and then moves: a pack that is there is whole.
    private void write(PackBuilder pack) throws IOException, LedgerException, PackBuilder.NothingToPack {
        Path aside = output.resolveSibling(output.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(aside))) {
                pack.write(out);
            }
            Files.move(aside, output, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
