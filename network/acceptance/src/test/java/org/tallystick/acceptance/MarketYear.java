package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import org.tallystick.acceptance.Marketplace.Happening;
import org.tallystick.agreement.json.Json;

/// A year of a marketplace as its parties play it, one instruction after the other, each month once it is over.
final class MarketYear {

    /// In this month the bakery keeps silent.
    private static final int SILENT = 3;
    /// In this one the affiliate claims a sale.
    private static final int CLAIMED = 5;

    private static final String ID = Marketplace.ID;

    private final Marketplace market;
    private final Stand stand;
    private LocalDate today;

    MarketYear(Marketplace market, Stand stand) {
        this.market = market;
        this.stand = stand;
        this.today = market.today();
    }

    /// From the end of the month to its settlement.
    void plays(int month) {
        goesTo(market.after(month, 2));
        reports("atelier", month, one -> one.booked() == month);
        stand.partner(Marketplace.ATELIER).declares(ID, "atelier", market.month(month));
        reports("atelier", month, one -> one.booked() > month);
        switch (month) {
            case SILENT -> {
                goesTo(market.after(month, 2 + Marketplace.GRACE));
                done(stand.partner(Marketplace.ATELIER).seals(ID, "bakery", market.month(month)));
            }
            case CLAIMED -> {
                bakeryIsClaimed(month);
                stand.partner(Marketplace.BAKERY).declares(ID, "bakery", market.month(month));
            }
            default -> {
                reports("bakery", month, _ -> true);
                stand.partner(Marketplace.BAKERY).declares(ID, "bakery", market.month(month));
            }
        }
        stand.partner(Marketplace.MARKET).closes(ID, market.month(month));
    }

    /// By whole days, so that the clocks of all ledgers are moved alike.
    private void goesTo(LocalDate day) {
        stand.moveClock("+" + ChronoUnit.DAYS.between(today, day) + "d");
        today = day;
    }

    /// The affiliate knows of a sale in a month that is settled; the bakery reports it, and says which it is.
    private void bakeryIsClaimed(int month) {
        Happening missed = told("bakery", month, _ -> true).getFirst();
        Ended claimed = stand.partner(Marketplace.AFFILIATE).claims(ID, "bakery", market.event(missed), "voucher-1");
        String claim = Scenarios.claim(claimed);
        reports("bakery", month, _ -> true);
        done(stand.partner(Marketplace.BAKERY).answers(ID, claim, missed.id()));
    }

    private List<Happening> told(String seller, int month, Predicate<Happening> which) {
        return market.happenings().stream()
                .filter(one -> one.source().equals(seller) && one.reported() == month)
                .filter(which)
                .toList();
    }

    private void reports(String seller, int month, Predicate<Happening> which) {
        List<Json> events =
                told(seller, month, which).stream().<Json>map(market::event).toList();
        if (!events.isEmpty()) {
            stand.partner(seller.equals("atelier") ? Marketplace.ATELIER : Marketplace.BAKERY)
                    .reports(ID, seller, events);
        }
    }

    private static void done(Ended ended) {
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }
}
