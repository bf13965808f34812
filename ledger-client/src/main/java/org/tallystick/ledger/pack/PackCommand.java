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
import java.util.function.Supplier;
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
            "Through --gateway that gateway makes it, with the log as it has it. At a peer (--identity) it is made here:",
            "with --log from what the members published of the log, without it of the first form.",
            "Only a pack with the log, of the final form, shows that nothing was left out; one of the first form says so."
        },
        mixinStandardHelpOptions = true)
public final class PackCommand implements Callable<Integer> {

    /// How the command reaches the ledger it was pointed at.
    @FunctionalInterface
    public interface Door {
        Ledger open() throws Exception;
    }

    private final Door door;
    private final Supplier<Optional<URI>> gateway;

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
            description = "Instead of a pack the proof of one posting, by its number in tally statement: a small"
                    + " file, NAME.tlog-proof, that shows nothing else. Needs --period, and --log or --gateway.")
    private @Nullable Integer posting;

    @Option(
            names = "--older",
            paramLabel = "SIZE:ROOT",
            description = "Show that the log goes on from this size and root: a pack checked before names them.")
    private @Nullable String older;

    /// @param gateway that makes packs in place of a peer's blocks that are read here
    public PackCommand(Door door, Supplier<Optional<URI>> gateway) {
        this.door = door;
        this.gateway = gateway;
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
        Optional<String> wrong = wrong();
        if (wrong.isPresent()) {
            error.println("tally: error: " + wrong.get());
            return 2;
        }
        try {
            write(gateway.get().isPresent() ? fetched(gateway.get().get(), id.get()) : made(id.get()));
            Output.out(spec).println(output);
            return 0;
        } catch (PackBuilder.NothingToPack e) {
            error.println("tally: error: " + e.getMessage());
            return 1;
        } catch (GatewayPacks.Refused e) {
            error.println("tally: error: " + e.getMessage());
            return e.known() ? 1 : 2;
        } catch (LedgerException | IOException e) {
            error.println("tally: error: the pack could not be written: " + e.getMessage());
            return 2;
        }
    }

    private Optional<PackBuilder.Older> from() {
        return Optional.ofNullable(older).flatMap(PackBuilder.Older::parse);
    }

    /// Which options do not go together.
    private Optional<String> wrong() {
        boolean withLog = !logs.isEmpty() || gateway.get().isPresent();
        if (!logs.isEmpty() && gateway.get().isPresent()) {
            return Optional.of("--log goes with a peer: a gateway takes the log that it has, and asks the members");
        }
        if (older != null && !withLog) {
            return Optional.of("--older needs --log");
        }
        if (older != null && from().isEmpty()) {
            return Optional.of("not SIZE:ROOT with 64 hexadecimal digits: " + older);
        }
        if (posting != null && (period == null || !withLog)) {
            return Optional.of("--posting needs --period and --log");
        }
        return posting != null && older != null
                ? Optional.of("--older goes with packs: the proof of a posting shows nothing of older sizes")
                : Optional.empty();
    }

    private Writing fetched(URI address, AgreementId id) {
        GatewayPacks packs = new GatewayPacks(address);
        return out -> {
            if (posting == null) {
                packs.pack(id, Optional.ofNullable(period), from(), out);
            } else {
                packs.posting(id, String.valueOf(period), posting, out);
            }
        };
    }

    private Writing made(AgreementId id) {
        return out -> {
            try (Ledger ledger = door.open();
                    MemberLogs members = MemberLogs.of(logs)) {
                Optional<PackBuilder.Published> published =
                        logs.isEmpty() ? Optional.empty() : Optional.of(members.published(from()));
                if (posting == null) {
                    new PackBuilder(ledger, id, Optional.ofNullable(period), published).write(out);
                } else {
                    TlogProof proof =
                            PostingProof.make(ledger, id, String.valueOf(period), posting, published.orElseThrow());
                    out.write(proof.octets().toArray());
                }
            }
        };
    }

    private interface Writing {
        void to(OutputStream out) throws Exception;
    }

    /// Writes beside the file and then moves: a pack that is there is whole.
    private void write(Writing pack) throws Exception {
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
