package org.tallystick.agreement.document;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.document.DocumentReading.Fault;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Amendment;
import org.tallystick.agreement.terms.Frequency;
import org.tallystick.agreement.terms.Period;

/// Holds a new version of an agreement against the newest one: what kind of change it is, and whether it may take
/// effect.
///
/// `docs/spec/agreement-1.md` sections 7.1 and 8, stage 4. Both documents are whole: the stages before found nothing.
public final class AmendmentReader {

    private static final int NOTICE_DAYS = 2;
    /// What a version says besides: no change of these makes a class by itself.
    private static final SortedSet<String> OF_THEIR_OWN = Collections.unmodifiableSortedSet(
            new TreeSet<>(List.of("governance", "number", "parties", "starts", "supersedes", "term", "terms")));

    private final Version old;
    private final Version amended;

    public AmendmentReader(Version old, Version amended) {
        this.old = old;
        this.amended = amended;
    }

    /// A version as it is signed, and as it is understood.
    public record Version(Json.Obj json, Document document) {}

    /// When the amendment is looked at.
    ///
    /// @param day of ledger time
    /// @param latest the latest day that an event may have
    /// @param untouched the first period neither settled nor closing
    public record When(LocalDate day, LocalDate latest, Period untouched) {}

    /// What kinds of change it is, the one that names it first.
    public SortedSet<Decision> decisions() {
        TreeSet<Decision> decisions = new TreeSet<>();
        if (!seatless(old).equals(seatless(amended))) {
            decisions.add(Decision.GOVERN);
        } else if (differ("governance")) {
            decisions.add(Decision.SEAT);
        }
        Document before = old.document();
        amended.document().parties().forEach((party, bound) -> {
            Optional<PartyId> was = Optional.ofNullable(before.parties().get(party));
            if (was.isEmpty()) {
                decisions.add(Decision.ADMIT);
            } else if (!was.get().equals(bound)) {
                decisions.add(Decision.SUCCEED);
            }
        });
        if (differ("terms")) {
            decisions.add(Decision.TERMS);
        }
        if (differ("term")) {
            decisions.add(Decision.EXTEND);
        }
        if (decisions.isEmpty() || !rest(old).equals(rest(amended))) {
            decisions.add(Decision.APPOINT);
        }
        return decisions;
    }

    /// Who is bound to a party of the terms and was not before: each must accept, whatever the rule says.
    public SortedSet<PartyId> entering() {
        TreeSet<PartyId> entering = new TreeSet<>();
        amended.document().parties().forEach((party, bound) -> {
            if (!bound.equals(old.document().parties().get(party))) {
                entering.add(bound);
            }
        });
        return entering;
    }

    /// The parties of the terms whose place another takes.
    public SortedSet<String> succeeded() {
        TreeSet<String> succeeded = new TreeSet<>();
        old.document().parties().forEach((party, bound) -> {
            PartyId now = amended.document().parties().get(party);
            if (now != null && !now.equals(bound)) {
                succeeded.add(party);
            }
        });
        return succeeded;
    }

    /// Who stands for a party of the terms from now on.
    public PartyId successor(String party) {
        return amended.document().ledgerParty(party);
    }

    private boolean differ(String member) {
        return !old.json().find(member).equals(amended.json().find(member));
    }

    /// The governance without who sits on its boards.
    private static Json seatless(Version version) {
        return seatless(version.json().get("governance"));
    }

    private static Json seatless(Json value) {
        if (value instanceof Json.Arr(var items)) {
            return Json.array(items.stream().map(AmendmentReader::seatless).toList());
        }
        if (!(value instanceof Json.Obj(var members))) {
            return value;
        }
        TreeMap<String, Json> kept = new TreeMap<>();
        members.forEach((name, member) -> {
            if (!members.containsKey("seat") || name.equals("seat")) {
                kept.put(name, seatless(member));
            }
        });
        return new Json.Obj(kept);
    }

    private static Map<String, Json> rest(Version version) {
        TreeMap<String, Json> rest = new TreeMap<>(version.json().members());
        rest.keySet().removeAll(OF_THEIR_OWN);
        return rest;
    }

    /// Why it may not take effect, sorted; nothing if it may.
    public List<Fault> faults(When when) {
        List<Fault> faults = new ArrayList<>();
        restates(faults);
        sources(faults, when);
        starts(faults, when);
        if (differ("term")) {
            boolean over = amended.document()
                    .term()
                    .lastDay(when.day())
                    .filter(when.day()::isAfter)
                    .isPresent();
            if (over) {
                faults.add(new Fault("term_wrong", "/term/until"));
            }
        }
        return faults.stream().sorted().distinct().toList();
    }

    private static void restates(List<Fault> faults, String at) {
        faults.add(new Fault("amendment_restates", at));
    }

    private void restates(List<Fault> faults) {
        for (String member : List.of("home", "id", "opening")) {
            if (differ(member)) {
                restates(faults, "/" + member);
            }
        }
        for (String party : old.document().parties().keySet()) {
            if (!amended.document().parties().containsKey(party)) {
                restates(faults, Form.pointer("/parties", party));
            }
        }
        Frequency frequency = old.document().terms().frequency();
        if (amended.document().starts().frequency() != frequency) {
            restates(faults, "/terms/calendar/frequency");
        } else {
            new Amendment(
                            old.document().terms(),
                            amended.document().terms(),
                            amended.document().starts())
                    .findings()
                    .forEach(finding -> restates(faults, "/terms" + finding.pointer()));
        }
        matching(faults);
    }

    /// An element of matching stays, and none is added for a source that reported notices, or sales, before.
    private void matching(List<Fault> faults) {
        List<Document.Matching> before = old.document().matching();
        List<Document.Matching> after = amended.document().matching();
        boolean added = after.stream()
                .anyMatch(one -> !before.contains(one)
                        && old.document().source(one.notices()).isPresent());
        if (!after.containsAll(before) || added) {
            restates(faults, "/roles/matching");
        }
    }

    private void sources(List<Fault> faults, When when) {
        Period now = old.document().terms().frequency().periodOf(when.latest());
        for (Document.Source before : old.document().sources()) {
            Optional<Document.Source> after = amended.document().source(before.id());
            boolean kept = after.filter(source -> source.owner().equals(before.owner())
                            && source.types().equals(before.types())
                            && source.first().equals(before.first()))
                    .isPresent();
            if (!kept) {
                restates(faults, "/roles/sources");
            } else if (!after.get().last().equals(before.last())) {
                boolean past = before.endsBefore(now);
                boolean tooSoon = after.get().endsBefore(now);
                if (past || tooSoon) {
                    faults.add(new Fault("last_wrong", "/roles/sources"));
                }
            }
        }
        for (Document.Source source : amended.document().sources()) {
            boolean tooEarly = old.document().source(source.id()).isEmpty()
                    && source.first().compareTo(amended.document().starts()) < 0;
            if (tooEarly) {
                faults.add(new Fault("first_wrong", "/roles/sources"));
            }
        }
    }

    private void starts(List<Fault> faults, When when) {
        Period starts = amended.document().starts();
        if (starts.frequency() != when.untouched().frequency()) {
            return;
        }
        boolean changed =
                !old.document().terms().hash().equals(amended.document().terms().hash());
        boolean soon = changed && starts.start().isBefore(when.day().plusDays(NOTICE_DAYS));
        if (soon || starts.compareTo(when.untouched()) < 0) {
            faults.add(new Fault("starts_too_soon", "/starts"));
        }
    }
}
