package org.tallystick.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.acceptance.Marketplace.Happening;
import org.tallystick.agreement.json.Json;

/// The settlements of a marketplace's year as a bookkeeper makes them on paper: sums of cents, and the few fractions
/// that its parties agreed on. Nothing of the engine is used.
///
/// For each month up to the one that is settled, what is due with all that is booked by then is compared with what
/// was posted, and the difference is a line. A share is a number of 25ths, of which none is a half, so that what is
/// left over always goes to whom it is nearer.
final class MarketBooks {

    private static final int RELEASED_AFTER = 2;
    private static final long LEAST_PAID = 3_000;

    private final Marketplace market;
    /// By clause and month of the sales.
    private final Map<String, Map<Integer, Long>> posted = new TreeMap<>();
    /// By seller and month of the hold.
    private final Map<String, Map<Integer, Long>> held = new TreeMap<>();
    private final Map<String, Long> carried = new TreeMap<>();
    private List<Json> lines = new ArrayList<>();
    private final Map<String, Long> earned = new TreeMap<>();
    private final Map<String, Long> moved = new TreeMap<>();

    MarketBooks(Marketplace market) {
        this.market = market;
    }

    /// The settlement of a month, in the form of a case; months are asked for in their order.
    Json.Obj settled(int month) {
        lines = new ArrayList<>();
        earned.clear();
        moved.clear();
        for (int sold = 1; sold <= month; sold++) {
            accrue(month, sold, "atelier-share", "atelier", part(sales(month, sold, "atelier"), 22, 25));
            accrue(month, sold, "bakery-share", "bakery", part(sales(month, sold, "bakery"), 21, 25));
            accrue(month, sold, "referral", "affiliate", part(brought(month, sold), 1, 30));
        }
        Marketplace.SELLERS.forEach(seller -> reserve(month, seller));
        long taxed = part(Math.max(0, earned.getOrDefault("affiliate", 0L)), 15, 100);
        move("tax", "affiliate", "treasury", taxed, Optional.empty(), Optional.empty());
        Json.Obj payments = payments();
        return Json.object()
                .with("balances", balances(month))
                .with("lines", Json.array(lines))
                .with("payments", payments)
                .with("period", market.month(month))
                .build();
    }

    private long sales(int known, int sold, String seller) {
        return market.happenings().stream()
                .filter(one -> one.booked() <= known && one.month() == sold)
                .filter(one -> one.source().equals(seller))
                .mapToLong(one -> one.isRefund() ? -one.amount() : one.amount())
                .sum();
    }

    private long brought(int known, int sold) {
        return market.happenings().stream()
                .filter(one -> one.booked() <= known && one.month() == sold)
                .filter(one -> sale(one).what().equals("brought"))
                .mapToLong(one -> one.isRefund() ? -one.amount() : one.amount())
                .sum();
    }

    /// What a refund belongs to, or the sale itself.
    private Happening sale(Happening one) {
        return one.origin()
                .flatMap(origin -> market.happenings().stream()
                        .filter(other -> other.id().equals(origin))
                        .findFirst())
                .orElse(one);
    }

    /// To the nearest cent; a half goes away from zero.
    private static long part(long amount, long of, long whole) {
        long nearest = (2 * Math.abs(amount) * of + whole) / (2 * whole);
        return amount < 0 ? -nearest : nearest;
    }

    private void accrue(int month, int sold, String clause, String party, long due) {
        Map<Integer, Long> before = posted.computeIfAbsent(clause, _ -> new TreeMap<>());
        long difference = due - before.getOrDefault(sold, 0L);
        before.put(sold, due);
        earned.merge(party, difference, Long::sum);
        move(
                clause,
                "market",
                party,
                difference,
                Optional.empty(),
                sold < month ? Optional.of(market.month(sold)) : Optional.empty());
    }

    private void reserve(int month, String seller) {
        Map<Integer, Long> holds = held.computeIfAbsent(seller, _ -> new TreeMap<>());
        long hold = part(Math.max(0, earned.getOrDefault(seller, 0L)), 1, 10);
        holds.put(month, hold);
        String clause = seller + "-reserve";
        String account = "reserve:" + seller;
        move(clause, seller, account, hold, Optional.of("hold"), Optional.empty());
        long released = holds.getOrDefault(month - RELEASED_AFTER, 0L);
        move(clause, account, seller, released, Optional.of("release"), Optional.empty());
    }

    /// A line, in the direction in which the money goes; none for nothing.
    private void move(
            String clause, String from, String to, long amount, Optional<String> kind, Optional<String> adjusts) {
        moved.merge(from, -amount, Long::sum);
        moved.merge(to, amount, Long::sum);
        if (amount != 0) {
            lines.add(Json.object()
                    .withText("adjusts", adjusts)
                    .with("amount", Math.abs(amount))
                    .with("clause", clause)
                    .with("from", amount > 0 ? from : to)
                    .withText("kind", kind)
                    .with("to", amount > 0 ? to : from)
                    .build());
        }
    }

    /// What falls below nothing, or of the affiliate below the least that is paid, is carried forward.
    private Json.Obj payments() {
        Json.Builder payments = Json.object();
        for (String party : List.of("affiliate", "atelier", "bakery", "treasury")) {
            long balance = carried.getOrDefault(party, 0L) + moved.getOrDefault(party, 0L);
            boolean paid = balance >= (party.equals("affiliate") ? LEAST_PAID : 0);
            Json.Builder _ = payments.with(party, paid ? balance : 0);
            carried.put(party, paid ? 0 : balance);
        }
        return payments.build();
    }

    /// What is not zero.
    private Json.Obj balances(int month) {
        TreeMap<String, Json> waiting = new TreeMap<>();
        carried.forEach((party, amount) -> {
            if (amount != 0) {
                waiting.put(party, new Json.Whole(amount));
            }
        });
        TreeMap<String, Json> kept = new TreeMap<>();
        for (String seller : Marketplace.SELLERS) {
            long amount = kept(seller, month);
            if (amount != 0) {
                kept.put(seller + "-reserve", new Json.Whole(amount));
            }
        }
        TreeMap<String, Json> balances = new TreeMap<>();
        if (!waiting.isEmpty()) {
            balances.put("carried", new Json.Obj(waiting));
        }
        if (!kept.isEmpty()) {
            balances.put("reserve", new Json.Obj(kept));
        }
        return new Json.Obj(balances);
    }

    /// What of a seller was held back by the end of a month and is not released yet.
    long kept(String seller, int month) {
        return held.getOrDefault(seller, Map.of()).entrySet().stream()
                .filter(hold -> hold.getKey() > month - RELEASED_AFTER && hold.getKey() <= month)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
