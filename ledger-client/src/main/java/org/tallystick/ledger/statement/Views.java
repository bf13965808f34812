package org.tallystick.ledger.statement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Working;
import org.tallystick.agreement.settlement.Workings;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.ledger.client.AgreementView;

/// Cuts the view of some parties out of a settlement: their postings, accounts and balances.
final class Views {

    private final AgreementView view;
    private final Document document;
    private final Terms terms;
    private final SortedMap<String, String> names;
    private final boolean trial;
    private final org.tallystick.agreement.settlement.Statement settled;
    private final History before;
    private final History after;

    /// @param before what the periods before left, `after` what this one leaves
    Views(
            AgreementView view,
            Document document,
            boolean trial,
            org.tallystick.agreement.settlement.Statement settled,
            History before,
            History after) {
        this.view = view;
        this.document = document;
        this.terms = document.terms();
        this.names = names(terms);
        this.trial = trial;
        this.settled = settled;
        this.before = before;
        this.after = after;
    }

    /// @param of parties of the terms; none for all of them. The hub's view is the whole.
    Statement statement(
            Statement.Standing standing,
            Collection<String> of,
            Workings workings,
            SortedMap<String, OpenItem> openItems,
            List<Statement.Agreed> agreed) {
        SortedSet<String> named = new TreeSet<>(of.isEmpty() ? terms.parties() : of);
        SortedSet<String> asked = new TreeSet<>(named.contains(terms.hub()) ? terms.parties() : named);
        return new Statement(
                view.id(),
                terms.title(),
                names,
                terms.currency(),
                settled.period(),
                trial,
                standing,
                holder(terms.hub()),
                terms.parties().stream()
                        .filter(named::contains)
                        .map(this::holder)
                        .toList(),
                postings(asked, workings),
                accounts(asked, openItems, agreed),
                balances(asked),
                holds(asked),
                agreed.stream()
                        .filter(one -> asked.contains(one.line().payer())
                                || asked.contains(one.line().payee()))
                        .toList());
    }

    private static SortedMap<String, String> names(Terms terms) {
        TreeMap<String, String> names = new TreeMap<>();
        terms.roster().forEach(party -> names.put(party.id(), party.name()));
        return names;
    }

    private Statement.Holder holder(String party) {
        return new Statement.Holder(
                party,
                names.getOrDefault(party, party),
                Optional.ofNullable(document.parties().get(party)));
    }

    private List<Statement.Posting> postings(SortedSet<String> asked, Workings workings) {
        List<Statement.Posting> postings = new ArrayList<>();
        List<Working> all = workings.all();
        for (int i = 0; i < all.size(); i++) {
            Line line = all.get(i).line();
            if (asked.contains(line.from()) || asked.contains(line.to())) {
                postings.add(new Statement.Posting(i + 1L, line, terms.sentence(line.clause()), all.get(i)));
            }
        }
        return postings;
    }

    private List<Statement.Account> accounts(
            SortedSet<String> asked, SortedMap<String, OpenItem> openItems, List<Statement.Agreed> agreed) {
        List<Statement.Account> accounts = new ArrayList<>();
        for (String party : terms.parties()) {
            if (asked.contains(party) && !party.equals(terms.hub())) {
                accounts.add(new Statement.Account(
                        holder(party),
                        before.carried().getOrDefault(party, BigInteger.ZERO),
                        sum(settled.lines().stream()
                                .filter(line -> line.to().equals(party))
                                .map(Line::amount)
                                .toList()),
                        sum(settled.lines().stream()
                                .filter(line -> line.from().equals(party))
                                .map(Line::amount)
                                .toList()),
                        settled.payments().getOrDefault(party, BigInteger.ZERO),
                        sum(agreed.stream()
                                .map(Statement.Agreed::line)
                                .map(line -> line.payee().equals(party)
                                        ? line.amount()
                                        : line.payer().equals(party)
                                                ? line.amount().negate()
                                                : BigInteger.ZERO)
                                .toList()),
                        after.carried().getOrDefault(party, BigInteger.ZERO),
                        Optional.ofNullable(openItems.get(party)).map(OpenItem::due)));
            }
        }
        return accounts;
    }

    private static BigInteger sum(Collection<BigInteger> amounts) {
        return amounts.stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    private List<Statement.Balance> balances(SortedSet<String> asked) {
        List<Statement.Balance> balances = new ArrayList<>();
        for (Clause clause : terms.clauses()) {
            switch (clause) {
                case Clause.Advance advance
                when asked.contains(advance.from()) || asked.contains(advance.to()) ->
                    add(balances, Statement.Of.ADVANCE, clause.id());
                case Clause.Fund fund
                when asked.contains(fund.from()) || asked.contains(fund.claims().to()) ->
                    add(balances, Statement.Of.FUND, clause.id());
                case Clause.Reserve reserve
                when asked.contains(reserve.party()) -> add(balances, Statement.Of.RESERVE, clause.id());
                case Clause.Waterfall waterfall ->
                    waterfall.investors().stream()
                            .filter(asked::contains)
                            .forEach(investor -> add(balances, Statement.Of.CAPITAL, investor));
                case Clause.Fee _,
                        Clause.Unit _,
                        Clause.Fund _,
                        Clause.Split _,
                        Clause.Fixed _,
                        Clause.Kpi _,
                        Clause.Guarantee _,
                        Clause.Advance _,
                        Clause.Reserve _,
                        Clause.Withholding _ -> {}
            }
        }
        return balances;
    }

    private void add(List<Statement.Balance> balances, Statement.Of of, String name) {
        BigInteger opening = before.balances(of.group()).getOrDefault(name, BigInteger.ZERO);
        BigInteger closing = settled.balances()
                .getOrDefault(of.group(), Collections.emptySortedMap())
                .getOrDefault(name, BigInteger.ZERO);
        balances.add(new Statement.Balance(of, name, opening, closing));
    }

    private List<Statement.Hold> holds(SortedSet<String> asked) {
        List<Statement.Hold> holds = new ArrayList<>();
        for (Clause clause : terms.clauses()) {
            if (clause instanceof Clause.Reserve reserve && asked.contains(reserve.party())) {
                SortedMap<Period, BigInteger> held =
                        after.balances().reserves().getOrDefault(reserve.id(), Collections.emptySortedMap());
                held.forEach((period, amount) -> holds.add(new Statement.Hold(
                        reserve.id(), reserve.party(), period, period.plus(reserve.releaseAfter()), amount)));
            }
        }
        return holds;
    }
}
