package org.tallystick.ledger.pack;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.log.TlogProof;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tally pack AGREEMENT -o FILE`: writes the audit pack of an agreement.
@Command(
        name = "pack",
        description = {
            "Write the audit pack of an agreement: all an outsider needs to check its history.",
            "With --log it is of the final form: what the members published of the log is in it, and shows that nothing"
                    + " was left out. Without, that stays open, and the pack says so."
        },
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

    @Option(
            names = "--log",
            paramLabel = "URL",
            description = {
                "A member's gateway; once for each member.",
                "The first one's checkpoint is taken, and from each where the chains of the pack end."
            })
    private List<URI> logs = List.of();

    @Option(
            names = "--posting",
            paramLabel = "N",
            description =
                    "Instead of a pack the proof of one posting, numbered from 0 as in tally statement: a small file,"
                            + " NAME.tlog-proof, that shows nothing else. Needs --period and --log.")
    private @Nullable Integer posting;

    @Option(
            names = "--older",
            paramLabel = "SIZE:ROOT",
            description = "Show that the log goes on from this size and root: a pack checked before names them.")
    private @Nullable String older;

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
        Optional<PackBuilder.Older> from = Optional.ofNullable(older).flatMap(PackBuilder.Older::parse);
        if (older != null && (from.isEmpty() || logs.isEmpty())) {
            error.println("tally: error: "
                    + (logs.isEmpty() ? "--older needs --log" : "not SIZE:ROOT with 64 hexadecimal digits: " + older));
            return 2;
        }
        if (posting != null && (period == null || logs.isEmpty())) {
            error.println("tally: error: --posting needs --period and --log");
            return 2;
        }
        try (Ledger ledger = door.open()) {
            Optional<PackBuilder.Published> published =
                    logs.isEmpty() ? Optional.empty() : Optional.of(new MemberLogs(logs).published(from));
            if (posting == null) {
                write(new PackBuilder(ledger, id.get(), Optional.ofNullable(period), published)::write);
            } else {
                TlogProof proof =
                        PostingProof.make(ledger, id.get(), String.valueOf(period), posting, published.orElseThrow());
                write(out -> out.write(proof.octets().toArray()));
            }
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

    private interface Writing {
        void to(OutputStream out) throws IOException, LedgerException, PackBuilder.NothingToPack;
    }

    /// Writes beside the file and then moves: a pack that is there is whole.
    private void write(Writing pack) throws IOException, LedgerException, PackBuilder.NothingToPack {
        Path aside = output.resolveSibling(output.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(aside))) {
                pack.to(out);
            }
            Files.move(aside, output, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
