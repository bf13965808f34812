package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Statement;
import org.tallystick.agreement.terms.Terms;

/// Who gets what: every party in the order of the document, then the escrow accounts that moved. The net amounts of all
/// accounts add up to 0.
public record Payouts(List<Payout> list) {

    private static final String CARRIED = "carried";

    public Payouts {
        list = List.copyOf(list);
    }

    /// Nothing for anybody.
    static Payouts none(Terms terms) {
        return new Payouts(terms.parties().stream().map(Payout::none).toList());
    }

    static Payouts of(Terms terms, Statement statement) {
        SortedMap<String, BigInteger> receives = new TreeMap<>();
        SortedMap<String, BigInteger> gives = new TreeMap<>();
        for (Line line : statement.lines()) {
            receives.merge(line.to(), line.amount(), BigInteger::add);
            gives.merge(line.from(), line.amount(), BigInteger::add);
        }
        SortedMap<String, BigInteger> paid = new TreeMap<>(statement.payments());
        paid.put(
                terms.hub(),
                statement.payments().values().stream()
                        .reduce(BigInteger.ZERO, BigInteger::add)
                        .negate());
        SortedMap<String, BigInteger> carried = statement.balances().getOrDefault(CARRIED, new TreeMap<>());
        SortedSet<String> escrow = new TreeSet<>(receives.keySet());
        escrow.addAll(gives.keySet());
        List<String> accounts = new ArrayList<>(terms.parties());
        accounts.forEach(escrow::remove);
        accounts.addAll(escrow);
        return new Payouts(accounts.stream()
                .map(account -> new Payout(
                        account,
                        receives.getOrDefault(account, BigInteger.ZERO),
                        gives.getOrDefault(account, BigInteger.ZERO),
                        paid.getOrDefault(account, BigInteger.ZERO),
                        carried.getOrDefault(account, BigInteger.ZERO)))
                .toList());
    }

    /// That of one account; nothing if it did not move.
    public Payout of(String account) {
        return list.stream()
                .filter(payout -> payout.account().equals(account))
                .findFirst()
                .orElseGet(() -> Payout.none(account));
    }

    public List<String> accounts() {
        return list.stream().map(Payout::account).toList();
    }

    /// Together with those of a later settlement.
    Payouts then(Payouts later) {
        return new Payouts(accounts(List.of(this, later)).stream()
                .map(account -> of(account).then(later.of(account)))
                .toList());
    }

    /// Every account of any of these, in the one order there is. An id of a party has no `:`, so that the escrow
    /// accounts stand apart.
    public static List<String> accounts(List<Payouts> all) {
        List<String> parties = new ArrayList<>();
        SortedSet<String> known = new TreeSet<>();
        SortedSet<String> escrow = new TreeSet<>();
        for (Payouts payouts : all) {
            for (String account : payouts.accounts()) {
                if (account.contains(":")) {
                    escrow.add(account);
                } else if (known.add(account)) {
                    parties.add(account);
                }
            }
        }
        parties.addAll(escrow);
        return List.copyOf(parties);
    }

    /// The largest net amount, of whatever sign.
    public BigInteger largest() {
        return list.stream()
                .map(payout -> payout.net().abs())
                .max(Comparator.naturalOrder())
                .orElse(BigInteger.ZERO);
    }

    public Json.Arr encode() {
        return Json.array(list.stream().map(Payout::encode).toList());
    }
}
