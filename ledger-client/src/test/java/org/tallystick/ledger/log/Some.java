package org.tallystick.ledger.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;

/// Keys, trees and checkpoints for tests, and what stands in C2SP's texts.
final class Some {

    static final String ORIGIN = "tallystick.example/ledger";
    static final long TIME = 1_793_404_800;

    private Some() {}

    static LogSigner signer(String name, VerifierKey.Type type) {
        return signer(name, type, name);
    }

    static LogSigner signer(String name, VerifierKey.Type type, String seed) {
        SeedKey key =
                SeedKey.ofSeed(type.kind(), Hash.sha256(Bytes.ofUtf8(seed))).orElseThrow();
        return new LogSigner(name, type, key);
    }

    static LogSigner log() {
        return signer(ORIGIN, VerifierKey.Type.ED25519);
    }

    static LogSigner witness(String member) {
        return signer(member + "/witness", VerifierKey.Type.ED25519_COSIGNATURE);
    }

    static LogSigner quantumWitness(String member) {
        return signer(member + "/witness", VerifierKey.Type.ML_DSA_44_COSIGNATURE);
    }

    static Tree tree(int size) {
        return tree(Naive.leaves(size));
    }

    static Tree tree(List<Bytes> leaves) {
        Tree tree = new Tree(new MemoryTiles());
        tree.append(leaves);
        return tree;
    }

    static Checkpoint head(Tree tree, long size) {
        return new Checkpoint(ORIGIN, size, tree.root(size));
    }

    static SignedCheckpoint signed(Checkpoint checkpoint, LogSigner... signers) {
        List<Note.Line> lines = new ArrayList<>();
        for (LogSigner signer : signers) {
            lines.add(signer.sign(checkpoint, TIME));
        }
        return new SignedCheckpoint(checkpoint, lines);
    }

    static <T> T good(Reading<T> reading) {
        return switch (reading) {
            case Reading.Value<T>(T value) -> value;
            case Reading.Fault<T>(String why) -> throw new AssertionError(why);
        };
    }

    static Bytes utf8(String text) {
        return Bytes.ofUtf8(text);
    }

    static String text(Bytes octets) {
        return new String(octets.toArray(), StandardCharsets.UTF_8);
    }

    /// What stands between lines of three backticks, or is indented by four spaces, in one of C2SP's texts.
    static List<String> examples(String name) {
        List<String> examples = new ArrayList<>();
        StringBuilder example = new StringBuilder();
        boolean fenced = false;
        String text = text(SharedVectors.bytes(SharedVectors.path("vectors/c2sp-specs/" + name)));
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean indented = line.startsWith("    ");
            boolean between = line.isEmpty()
                    && !example.isEmpty()
                    && i + 1 < lines.size()
                    && lines.get(i + 1).startsWith("    ");
            if (line.equals("```")) {
                fenced = !fenced;
                end(example, examples);
            } else if (fenced || indented || between) {
                example.append(fenced ? line : line.isEmpty() ? "" : line.substring(4))
                        .append('\n');
            } else {
                end(example, examples);
            }
        }
        end(example, examples);
        return examples;
    }

    private static void end(StringBuilder example, List<String> examples) {
        if (!example.isEmpty()) {
            examples.add(example.toString());
            example.setLength(0);
        }
    }
}
