package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;

/// Which logs somebody trusts, and which witnesses must have cosigned a checkpoint: C2SP tlog-policy.
///
/// Names and addresses are octets without any meaning outside the file.
public final class Policy {

    /// @param name nobody's but this file's
    public record Witness(Bytes name, VerifierKey key, Optional<Bytes> url) implements Member {}

    /// At least `need` of its members.
    public record Group(Bytes name, int need, List<Member> members) implements Member {
        public Group {
            members = List.copyOf(members);
        }
    }

    /// What a quorum is made of.
    public sealed interface Member {
        Bytes name();
    }

    /// A log; the name of its key is its origin.
    public record Log(VerifierKey key, Optional<Bytes> url) {}

    private final List<Log> logs;
    private final List<Witness> witnesses;
    private final Optional<Member> quorum;
    private final KnownKeys keys;

    /// @param quorum nothing, if no cosignature is needed
    Policy(List<Log> logs, List<Witness> witnesses, Optional<Member> quorum) {
        this.logs = List.copyOf(logs);
        this.witnesses = List.copyOf(witnesses);
        this.quorum = quorum;
        this.keys = new KnownKeys(
                Stream.concat(logs.stream().map(Log::key), witnesses.stream().map(Witness::key))
                        .toList());
    }

    public static Reading<Policy> parse(Bytes octets) {
        return Spelling.reading(() -> new PolicyReader().read(octets));
    }

    public List<Log> logs() {
        return logs;
    }

    public List<Witness> witnesses() {
        return witnesses;
    }

    public Optional<Member> quorum() {
        return quorum;
    }

    /// What a policy says of a checkpoint.
    public sealed interface Judgment {

        /// Every signature of a known key holds.
        ///
        /// @param logs keys of logs with this origin that signed it
        /// @param quorum whether enough witnesses cosigned it
        record Judged(List<VerifierKey> logs, List<Cosigned> witnesses, boolean quorum) implements Judgment {}

        /// A signature of a known key does not hold, or there is none.
        record Refused(String why) implements Judgment {}

        /// Whether the checkpoint is good: a log signed it, and enough witnesses cosigned it.
        default boolean meets() {
            return switch (this) {
                case Judged judged -> !judged.logs.isEmpty() && judged.quorum;
                case Refused _ -> false;
            };
        }
    }

    /// @param time when it cosigned last, in seconds since 1970, if it said so
    public record Cosigned(Witness witness, OptionalLong time) {}

    public Judgment judge(SignedCheckpoint checkpoint) {
        return switch (keys.open(checkpoint)) {
            case KnownKeys.Opened.Refused(String why) -> new Judgment.Refused(why);
            case KnownKeys.Opened.Signed(KnownKeys.Signers by) -> {
                String origin = checkpoint.checkpoint().origin();
                List<VerifierKey> signed = logs.stream()
                        .map(Log::key)
                        .filter(key -> key.name().equals(origin) && by.has(key))
                        .toList();
                List<Cosigned> cosigned = new ArrayList<>();
                witnesses.stream()
                        .filter(witness -> by.has(witness.key()))
                        .forEach(witness -> cosigned.add(new Cosigned(witness, by.time(witness.key()))));
                boolean enough = quorum.map(member -> witnessed(member, by)).orElse(true);
                yield new Judgment.Judged(signed, List.copyOf(cosigned), enough);
            }
        };
    }

    private static boolean witnessed(Member member, KnownKeys.Signers by) {
        return switch (member) {
            case Witness witness -> by.has(witness.key());
            case Group group ->
                group.members().stream().filter(each -> witnessed(each, by)).count() >= group.need();
        };
    }
}
