package org.tallystick.ledger.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.pack.PackWriter;
import org.tallystick.ledger.pack.TrustFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tally verify PACK --trust FILE [--json]`: checks a pack without asking anybody.
@Command(
        name = "verify",
        description = {
            "Check an audit pack, or the proof of one posting: recompute everything it says, offline.",
            "Exit 0: it holds. 1: it does not. 2: it could not be checked, for instance without a trust file."
        },
        mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "PACK", description = "The pack, NAME.tallypack.")
    private Path pack = Path.of("");

    @Option(names = "--trust", paramLabel = "FILE", description = "What you trust, NAME.tallytrust: see tally trust.")
    private @Nullable Path trustFile;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write the report as a page that prints well, for the working papers.")
    private @Nullable Path html;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads look at signatures; as many as the machine has processors if not given.")
    private int threads = Verifier.allThreads();

    private final BooleanSupplier json;

    /// @param json whether the answer is for a program
    public VerifyCommand(BooleanSupplier json) {
        this.json = json;
    }

    @Override
    public Integer call() {
        PrintWriter error = spec == null
                ? new PrintWriter(System.err, true, StandardCharsets.UTF_8)
                : spec.commandLine().getErr();
        PrintWriter out = spec == null
                ? new PrintWriter(System.out, true, StandardCharsets.UTF_8)
                : spec.commandLine().getOut();
        if (threads < 1 || threads > Verifier.MOST_THREADS) {
            error.println("tally: error: --threads is from 1 to " + Verifier.MOST_THREADS + ", not " + threads);
            return 2;
        }
        Optional<TrustFile> trust = Optional.empty();
        if (trustFile != null) {
            switch (TrustFile.read(trustFile)) {
                case TrustFile.Parsed(var file) -> trust = Optional.of(file);
                case TrustFile.Malformed(var at, var text) -> {
                    error.println("tally: error: " + trustFile + " is no trust file: " + at + " " + text);
                    error.println("tally: hint: make one with: tally trust MEMBER=CA.pem ... --ledger ID -o FILE");
                    return 2;
                }
            }
        }
        try (InputStream in = Files.newInputStream(pack)) {
            MessageDigest digest = PackWriter.sha256();
            DigestInputStream read = new DigestInputStream(in, digest);
            Report report = Verifier.verify(read, trust, threads);
            if (html != null) {
                // What the verifier did not read is of the file, too.
                long _ = read.transferTo(OutputStream.nullOutputStream());
                Path name = pack.getFileName();
                Bytes page = Bytes.ofUtf8(HtmlReport.of(
                        report,
                        String.valueOf(name == null ? pack : name),
                        Bytes.copyOf(digest.digest()).toHex()));
                Files.write(html, page.toArray());
            }
            if (json.getAsBoolean()) {
                out.println(report.json().canonical().utf8().orElseThrow());
            } else {
                report.lines(String.valueOf(pack)).forEach(out::println);
            }
            out.flush();
            return report.outcome().exit();
        } catch (IOException e) {
            error.println("tally: error: cannot read or write " + e.getMessage());
            return 2;
        }
    }
}
