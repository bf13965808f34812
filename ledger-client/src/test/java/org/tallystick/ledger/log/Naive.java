package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

/// RFC 6962 section 2.1, word for word, over the hashes of leaves: slow, and with nothing of the code that it judges.
final class Naive {

    private Naive() {}

    static List<Bytes> leaves(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> leaf(Bytes.ofUtf8("leaf " + i)))
                .toList();
    }

    static Bytes leaf(Bytes content) {
        return Hash.sha256(Bytes.ofHex("00"), content);
    }

    private static Bytes node(Bytes left, Bytes right) {
        return Hash.sha256(Bytes.ofHex("01"), left, right);
    }

    static int split(int count) {
        int k = 1;
        while (2 * k < count) {
            k *= 2;
        }
        return k;
    }

    static Bytes root(List<Bytes> d) {
        if (d.isEmpty()) {
            return Hash.sha256();
        }
        if (d.size() == 1) {
            return d.getFirst();
        }
        int k = split(d.size());
        return node(root(d.subList(0, k)), root(d.subList(k, d.size())));
    }

    static List<Bytes> path(int m, List<Bytes> d) {
        if (d.size() == 1) {
            return List.of();
        }
        int k = split(d.size());
        return m < k
                ? plus(path(m, d.subList(0, k)), root(d.subList(k, d.size())))
                : plus(path(m - k, d.subList(k, d.size())), root(d.subList(0, k)));
    }

    static List<Bytes> consistency(int m, List<Bytes> d) {
        return subproof(m, d, true);
    }

    private static List<Bytes> subproof(int m, List<Bytes> d, boolean b) {
        if (m == d.size()) {
            return b ? List.of() : List.of(root(d));
        }
        int k = split(d.size());
        return m <= k
                ? plus(subproof(m, d.subList(0, k), b), root(d.subList(k, d.size())))
                : plus(subproof(m - k, d.subList(k, d.size()), false), root(d.subList(0, k)));
    }

    private static List<Bytes> plus(List<Bytes> some, Bytes one) {
        List<Bytes> all = new ArrayList<>(some);
        all.add(one);
        return all;
    }
}
