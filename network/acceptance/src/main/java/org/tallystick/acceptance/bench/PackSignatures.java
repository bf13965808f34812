package org.tallystick.acceptance.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.pack.CertificateKey;
import org.tallystick.ledger.pack.Certificates;
import org.tallystick.ledger.pack.PackReader;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// The signatures of a pack's transactions, with the keys and what was signed: creators', endorsers' and parties'.
///
/// The few under the log, and those of the certificates, are left out: so the bare loop has a little less to do than
/// the
/// verifier.
final class PackSignatures {

    private static final int HINTS = 1;

    /// Whether a signature is good.
    private interface Check {
        boolean holds();
    }

    private final List<Check> all = new ArrayList<>();
    private final Map<Bytes, CertificateKey> certificates = new HashMap<>();
    private final Map<String, Key> keys = new HashMap<>();

    private PackSignatures() {}

    static PackSignatures of(Path pack) throws IOException {
        PackSignatures signatures = new PackSignatures();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(pack), 1 << 16)) {
            PackReader reader = new PackReader(in);
            while (true) {
                switch (reader.next()) {
                    case PackReader.Entry entry ->
                        entry.content()
                                .filter(_ -> entry.name().text().startsWith("tx/"))
                                .ifPresent(signatures::add);
                    case PackReader.Streamed _ -> {}
                    case PackReader.End _ -> {
                        return signatures;
                    }
                    case PackReader.NotAPack _, PackReader.Damaged _ ->
                        throw new IllegalStateException("our own pack is none");
                }
            }
        }
    }

    private void add(Bytes entry) {
        if (!(TransactionEnvelope.read(entry) instanceof TransactionEnvelope.Parsed(var transaction))) {
            throw new IllegalStateException("our own transaction is none");
        }
        add(transaction.creator(), transaction.signature(), transaction.payload());
        transaction
                .endorsements()
                .forEach(one -> add(
                        one.by(),
                        one.signature(),
                        transaction.answered(),
                        one.by().bytes()));
        if (transaction.function().equals("submit")) {
            List<Bytes> arguments = transaction.arguments();
            for (Bytes envelope : arguments.subList(0, arguments.size() - HINTS)) {
                add((Signed) Signed.read(envelope));
            }
        }
    }

    private void add(TransactionEnvelope.Identity by, Bytes signature, Bytes... signed) {
        CertificateKey key = certificates.computeIfAbsent(
                by.certificate(), pem -> Certificates.keyOfPem(pem).orElseThrow());
        all.add(() -> key.signed(Hash.sha256(signed), signature));
    }

    private void add(Signed signed) {
        registered(signed.payload().act()).ifPresent(key -> keys.put(key.thumb(), key));
        List<Kid> kids = signed.kids();
        for (int i = 0; i < kids.size(); i++) {
            int index = i;
            Key key = Objects.requireNonNull(keys.get(kids.get(i).thumb()));
            all.add(() -> signed.holds(index, key));
        }
    }

    private static Optional<Key> registered(Act act) {
        return switch (act) {
            case Act.RegisterRegistrar registers -> Optional.of(registers.key());
            case Act.Enroll enrolls -> Optional.of(enrolls.key());
            default -> Optional.empty();
        };
    }

    int count() {
        return all.size();
    }

    /// Checks each, one after the other.
    void check() {
        check(0, 1);
    }

    /// Checks every so manieth, from one of the first on.
    private void check(int from, int step) {
        for (int i = from; i < all.size(); i += step) {
            if (!all.get(i).holds()) {
                throw new IllegalStateException("a signature of our own pack does not hold");
            }
        }
    }

    /// Checks each, on as many threads as there are.
    void check(ExecutorService executor, int threads) throws InterruptedException, ExecutionException {
        List<Callable<Integer>> parts = new ArrayList<>();
        for (int part = 0; part < threads; part++) {
            int from = part;
            parts.add(() -> {
                check(from, threads);
                return from;
            });
        }
        for (Future<Integer> part : executor.invokeAll(parts)) {
            int _ = part.get();
        }
    }
}
