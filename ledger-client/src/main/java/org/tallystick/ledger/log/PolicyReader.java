package org.tallystick.ledger.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.log.Spelling.Stop;

/// Reads a policy, line by line. Octets are taken as characters of the same number: ASCII is what it says, all others
/// mean nothing.
final class PolicyReader {

    /// Stands for a quorum that needs nobody.
    private static final String NONE = "none";

    private final List<Policy.Log> logs = new ArrayList<>();
    private final List<Policy.Witness> witnesses = new ArrayList<>();
    private int groups;
    private final Map<String, Policy.Member> named = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private boolean hasQuorum;
    private Optional<Policy.Member> quorum = Optional.empty();

    Policy read(Bytes octets) throws Stop {
        Spelling.need(octets.size() <= LogLimits.POLICY, "more than " + LogLimits.POLICY + " octets");
        String text = new String(octets.toArray(), ISO_8859_1);
        Spelling.need(text.chars().allMatch(PolicyReader::isAllowed), "a control character");
        int number = 0;
        for (String line : Spelling.lines(text)) {
            number++;
            List<String> items = items(line);
            try {
                if (!items.isEmpty() && !items.getFirst().startsWith("#")) {
                    line(items);
                }
            } catch (Stop stop) {
                throw new Stop("line " + number + ": " + stop.getMessage());
            }
        }
        Spelling.need(hasQuorum, "no quorum");
        return new Policy(logs, witnesses, quorum);
    }

    private static boolean isAllowed(int c) {
        return c == '\t' || c == '\n' || (c >= ' ' && c <= '~') || c >= 0x80;
    }

    /// What stands between spaces and tabs.
    private static List<String> items(String line) {
        List<String> items = new ArrayList<>();
        int from = 0;
        for (int at = 0; at <= line.length(); at++) {
            if (at == line.length() || line.charAt(at) == ' ' || line.charAt(at) == '\t') {
                if (at > from) {
                    items.add(line.substring(from, at));
                }
                from = at + 1;
            }
        }
        return items;
    }

    private void line(List<String> items) throws Stop {
        switch (items.getFirst()) {
            case "log" -> log(items);
            case "witness" -> witness(items);
            case "group" -> group(items);
            case "quorum" -> quorum(items);
            default -> throw new Stop("neither log nor witness, group or quorum");
        }
    }

    private void log(List<String> items) throws Stop {
        Spelling.need(items.size() == 2 || items.size() == 3, "log <vkey> [<url>]");
        VerifierKey key = key(items.get(1));
        Spelling.need(logs.stream().noneMatch(log -> isSame(log.key(), key)), "a log that is there already");
        Spelling.need(logs.size() < LogLimits.POLICY_LOGS, "more than " + LogLimits.POLICY_LOGS + " logs");
        logs.add(new Policy.Log(key, url(items, 2)));
    }

    private void witness(List<String> items) throws Stop {
        Spelling.need(items.size() == 3 || items.size() == 4, "witness <name> <vkey> [<url>]");
        VerifierKey key = key(items.get(2));
        Spelling.need(key.type().isCosignature(), "a key that makes no cosignatures");
        Spelling.need(
                witnesses.stream().noneMatch(witness -> isSame(witness.key(), key)), "a witness that is there already");
        Spelling.need(
                witnesses.size() < LogLimits.POLICY_WITNESSES,
                "more than " + LogLimits.POLICY_WITNESSES + " witnesses");
        Policy.Witness witness = new Policy.Witness(octets(items.get(1)), key, url(items, 3));
        define(items.get(1), witness);
        witnesses.add(witness);
    }

    private void group(List<String> items) throws Stop {
        Spelling.need(items.size() >= 4, "group <name> all|any|<k> <name>...");
        Spelling.need(groups < LogLimits.POLICY_GROUPS, "more than " + LogLimits.POLICY_GROUPS + " groups");
        List<Policy.Member> members = new ArrayList<>();
        for (String name : items.subList(3, items.size())) {
            members.add(defined(name));
            Spelling.need(taken.add(name), "a member that is one already");
        }
        long need = switch (items.get(2)) {
            case "all" -> members.size();
            case "any" -> 1;
            default -> Spelling.number(items.get(2));
        };
        Spelling.need(need >= 1 && need <= members.size(), "a number that is not one of its members");
        define(items.get(1), new Policy.Group(octets(items.get(1)), (int) need, members));
        groups++;
    }

    private void quorum(List<String> items) throws Stop {
        Spelling.need(items.size() == 2, "quorum <name>");
        Spelling.need(!hasQuorum, "a second quorum");
        hasQuorum = true;
        quorum = items.get(1).equals(NONE) ? Optional.empty() : Optional.of(defined(items.get(1)));
    }

    private void define(String name, Policy.Member member) throws Stop {
        Spelling.need(!name.equals(NONE), "none is nobody's name");
        Spelling.need(named.putIfAbsent(name, member) == null, "a name that is taken");
    }

    private Policy.Member defined(String name) throws Stop {
        Policy.Member member = named.get(name);
        if (member == null) {
            throw new Stop("a name that stands for nothing before");
        }
        return member;
    }

    /// Whether they wrap the same public key, whatever their names.
    private static boolean isSame(VerifierKey one, VerifierKey other) {
        return one.key().equals(other.key());
    }

    private static VerifierKey key(String item) throws Stop {
        return octets(item)
                .utf8()
                .flatMap(VerifierKey::parse)
                .orElseThrow(() -> new Stop("no key as NAME+ID+KEY: " + item));
    }

    private static Optional<Bytes> url(List<String> items, int at) {
        return at < items.size() ? Optional.of(octets(items.get(at))) : Optional.empty();
    }

    private static Bytes octets(String item) {
        return Bytes.copyOf(item.getBytes(ISO_8859_1));
    }
}
