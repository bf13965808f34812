package org.tallystick.ledger.pack;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.pack.TrustFile.Trusted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tally trust`: makes a trust file from what an auditor obtained elsewhere.
@Command(
        name = "trust",
        description = {
            "Make a trust file for tally verify from the members' certificate authorities and log keys.",
            "Get them, and the ledger id, from the members themselves, never from a pack. What the file trusts is printed"
                    + " with fingerprints: read them to the members over the telephone."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tally trust north=north-ca.pem east=east-ca.pem --ledger ID --vkey VKEY --vkey VKEY ... -o north.tallytrust",
            "  tally trust --show north.tallytrust"
        },
        mixinStandardHelpOptions = true)
public final class TrustCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "MEMBER=FILE",
            arity = "0..*",
            description = "A member and its certificate authority in PEM; once more for a further one.")
    private List<String> members = new ArrayList<>();

    @Option(names = "--ledger", paramLabel = "ID", description = "The ledger id, 64 hexadecimal digits.")
    private @Nullable String ledger;

    @Option(
            names = "--genesis",
            paramLabel = "FILE",
            description = "The genesis block, instead of the ledger id and, if none is named, the members.")
    private @Nullable Path genesis;

    private final Supplier<String> chaincode;

    /// @param chaincode the name of the chaincode, which the ledger id depends on
    public TrustCommand(Supplier<String> chaincode) {
        this.chaincode = chaincode;
    }

    @Option(names = "--need", paramLabel = "N", description = "How many members must endorse; a majority if not said.")
    private @Nullable Long need;

    @Option(
            names = "--from",
            paramLabel = "MEMBER=BLOCK",
            description = "The block that admitted a member, if it is not one from the first.")
    private Map<String, Long> from = new TreeMap<>();

    @Option(
            names = "--until",
            paramLabel = "MEMBER=BLOCK",
            description = "The last block before a member was removed: tally network history.")
    private Map<String, Long> until = new TreeMap<>();

    @Option(
            names = "--vkey",
            paramLabel = "VKEY",
            description = {
                "A key of the log, one line as a member gives it: of its log (tallystick/...), its witness"
                        + " (MEMBER/witness) or its head statements (MEMBER/head). Without any, only packs of the first"
                        + " form can be checked."
            })
    private List<String> vkeys = List.of();

    @Option(
            names = "--quorum",
            paramLabel = "N",
            description = "How many members must have cosigned the log, and state its ends; a majority if not said.")
    private @Nullable Integer quorum;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A tlog-policy of your own, instead of one over the members' witnesses.")
    private @Nullable Path policy;

    @Option(
            names = "--older",
            paramLabel = "SIZE:ROOT",
            description = "Size and root of the log in a pack that was checked before: the log must go on from there.")
    private @Nullable String older;

    @Option(names = "--show", paramLabel = "FILE", description = "Show what a trust file trusts; makes none.")
    private @Nullable Path show;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The trust file to write, NAME.tallytrust.")
    private @Nullable Path output;

    /// Why no trust file can be made; never leaves this class.
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    @Override
    public Integer call() {
        PrintWriter error = Output.error(spec);
        try {
            if (show != null) {
                fingerprints(TrustFile.read(show));
                return 0;
            }
            if (output == null) {
                throw new Wrong("neither --output FILE nor --show FILE says what to do");
            }
            Bytes file = file();
            Files.write(output, file.toArray());
            Output.out(spec).println(output);
            fingerprints(TrustFile.read(file));
            return 0;
        } catch (Wrong e) {
            error.println("tally: error: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            error.println("tally: error: cannot read or write " + e.getMessage());
            return 2;
        }
    }

    private Bytes file() throws IOException, Wrong {
        Optional<ConfigBlock> block = block();
        Hash id = ledger(block);
        TreeMap<String, List<String>> authorities = new TreeMap<>();
        for (String member : members) {
            int sign = member.indexOf('=');
            if (sign < 1) {
                throw new Wrong("not MEMBER=FILE: " + member);
            }
            String pem = Files.readString(Path.of(member.substring(sign + 1)));
            authorities
                    .computeIfAbsent(member.substring(0, sign), _ -> new ArrayList<>())
                    .add(pem);
        }
        if (authorities.isEmpty() && block.isPresent()) {
            for (Map.Entry<String, ConfigBlock.Authorities> member :
                    block.get().members().entrySet()) {
                authorities.put(
                        member.getKey(),
                        member.getValue().roots().stream()
                                .map(pem -> pem.utf8().orElse(""))
                                .toList());
            }
        }
        TreeSet<String> unknown = new TreeSet<>(from.keySet());
        unknown.addAll(until.keySet());
        unknown.removeAll(authorities.keySet());
        if (!unknown.isEmpty()) {
            throw new Wrong("no authority is given of " + String.join(", ", unknown));
        }
        List<Trusted> trusted = new ArrayList<>();
        authorities.forEach((member, pems) -> trusted.add(new Trusted(
                member, pems, Optional.ofNullable(from.get(member)), Optional.ofNullable(until.get(member)))));
        TrustFile made = TrustFile.of(id, trusted);
        Bytes file = new TrustFile(made.ledger(), made.members(), Optional.ofNullable(need), ofLog(id)).encode();
        if (TrustFile.read(file) instanceof TrustFile.Malformed(var at, var text)) {
            throw new Wrong("that makes no trust file: " + at + " " + text);
        }
        return file;
    }

    /// What the file says of the log.
    private Json.Obj ofLog(Hash id) throws IOException, Wrong {
        Json.Builder rest = Json.object();
        LogTrust log = new LogTrust(id);
        for (String vkey : vkeys) {
            Optional<String> fault = log.add(vkey.strip());
            if (fault.isPresent()) {
                throw new Wrong(fault.get());
            }
        }
        Optional<String> lacking = log.lacking(Optional.ofNullable(quorum), policy != null);
        if (lacking.isPresent()) {
            throw new Wrong(lacking.get());
        }
        if (log.isGiven()) {
            String text = policy == null ? log.policy(Optional.ofNullable(quorum)) : Files.readString(policy);
            rest = rest.with("policy", text).with("heads", log.heads(Optional.ofNullable(quorum)));
        }
        if (older != null) {
            PackBuilder.Older from = PackBuilder.Older.parse(older)
                    .orElseThrow(() -> new Wrong("not SIZE:ROOT with 64 hexadecimal digits: " + older));
            rest = rest.with(
                    "older",
                    Json.object()
                            .with("root", from.root().hex())
                            .with("size", from.size())
                            .build());
        }
        return rest.build();
    }

    /// What is trusted, so that it can be read to somebody over the telephone.
    private void fingerprints(TrustFile.Reading reading) throws Wrong {
        switch (reading) {
            case TrustFile.Malformed(var at, var text) -> throw new Wrong("no trust file: " + at + " " + text);
            case TrustFile.Parsed(var trust) ->
                Fingerprints.lines(trust).forEach(line -> Output.out(spec).println(line));
        }
    }

    private Optional<ConfigBlock> block() throws IOException, Wrong {
        if (genesis == null) {
            return Optional.empty();
        }
        if (ConfigBlock.read(Bytes.copyOf(Files.readAllBytes(genesis))) instanceof ConfigBlock.Parsed(var block)
                && block.number() == 0) {
            return Optional.of(block);
        }
        throw new Wrong(genesis + " is not a genesis block");
    }

    private Hash ledger(Optional<ConfigBlock> block) throws Wrong {
        Optional<Hash> computed = block.map(found -> found.ledger(chaincode.get()));
        if (ledger == null) {
            return computed.orElseThrow(() -> new Wrong("neither --ledger nor --genesis says which ledger"));
        }
        if (!ledger.matches("[0-9a-f]{64}")) {
            throw new Wrong("not a ledger id: " + ledger);
        }
        Hash stated = new Hash(ledger);
        if (computed.filter(id -> !id.equals(stated)).isPresent()) {
            throw new Wrong("the genesis block is of the ledger " + computed.get() + ", not " + stated);
        }
        return stated;
    }
}
