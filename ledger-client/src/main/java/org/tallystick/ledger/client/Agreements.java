package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Electorate;
import org.tallystick.agreement.rules.Poll;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.MotionRecord;
import org.tallystick.agreement.state.NoticeRecord;
import org.tallystick.agreement.state.OfferRecord;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.agreement.state.RollUp;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// Reads agreements and statements from the ledger's state. Documents and lines are held against their hashes, so that
/// a reader between here and the ledger can hide, but not change them.
public final class Agreements {

    private final StateReader state;

    public Agreements(StateReader state) {
        this.state = state;
    }

    public Optional<PartyRecord> party(PartyId party) throws LedgerException {
        return state.get(Keys.party(party.text())).map(PartyRecord::decode);
    }

    public Optional<AgreementView> find(AgreementId id) throws LedgerException {
        Optional<AgreementHead> head = state.get(Keys.agreement(id.text())).map(AgreementHead::decode);
        if (head.isEmpty()) {
            return Optional.empty();
        }
        Optional<AgreementView.VersionView> newest = Optional.empty();
        if (head.get().newest().isPresent()) {
            newest = Optional.of(version(id, head.get().newest().get().hash()));
        }
        Optional<AgreementView.OfferView> offer = Optional.empty();
        if (head.get().offer().isPresent()) {
            offer = Optional.of(offer(id, head.get().offer().get()));
        }
        return Optional.of(new AgreementView(id, head.get(), newest, offer));
    }

    private AgreementView.OfferView offer(AgreementId id, Hash version) throws LedgerException {
        OfferRecord record = state.get(Keys.offer(id.text(), version))
                .map(OfferRecord::decode)
                .orElseThrow(() -> broken(id, "no offer " + version));
        return new AgreementView.OfferView(version(id, version), record);
    }

    /// A version, by its hash.
    public AgreementView.VersionView version(AgreementId id, Hash version) throws LedgerException {
        Json.Obj json =
                state.get(Keys.document(id.text(), version)).orElseThrow(() -> broken(id, "no document " + version));
        if (!Hash.of(json.canonical()).equals(version)) {
            throw broken(id, "the document under " + version + " has another hash");
        }
        return switch (DocumentReader.read(json)) {
            case DocumentReading.Accepted(var document) -> new AgreementView.VersionView(version, json, document);
            case DocumentReading.Refused(var findings) ->
                throw broken(id, "document " + version + " is refused here: " + findings);
            case DocumentReading.NotSupportedYet(var what) ->
                throw broken(id, "document " + version + " needs a newer program for " + what);
        };
    }

    /// A version as it was adopted.
    ///
    /// @param number 1, 2, 3 ...
    public record Adopted(long number, AgreementHead.Version version) {}

    /// All that were adopted, oldest first: those that the head has no room for, and those in it.
    public List<Adopted> adopted(AgreementView view) throws LedgerException {
        List<AgreementHead.Version> versions = new ArrayList<>();
        long older = view.head().number() - view.head().versions().size();
        for (int page = 1; versions.size() < older; page++) {
            Json.Obj stored = state.get(Keys.versions(view.id().text(), page))
                    .orElseThrow(() -> broken(view.id(), "older versions are missing"));
            stored.items("versions").forEach(version -> versions.add(AgreementHead.Version.decode((Json.Obj) version)));
        }
        versions.addAll(view.head().versions());
        List<Adopted> adopted = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            adopted.add(new Adopted(i + 1L, versions.get(i)));
        }
        return adopted;
    }

    /// The offer of a version, or of the amendment that it is.
    public Optional<OfferRecord> offered(AgreementId id, Hash version) throws LedgerException {
        return state.get(Keys.offer(id.text(), version)).map(OfferRecord::decode);
    }

    /// A motion as it stands at a time; nothing if there is none of that name.
    public Optional<MotionView> motion(AgreementView view, Hash motion, LedgerTime now) throws LedgerException {
        Optional<MotionRecord> found =
                state.get(Keys.motion(view.id().text(), motion)).map(MotionRecord::decode);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Document under = version(view.id(), found.get().under()).document();
        Optional<AgreementView.VersionView> amended = Optional.empty();
        TreeSet<PartyId> missing = new TreeSet<>();
        if (found.get().subject() instanceof MotionRecord.Amendment(var version)) {
            amended = Optional.of(version(view.id(), version));
            OfferRecord offer = offered(view.id(), version).orElseThrow(() -> broken(view.id(), "no offer " + version));
            amended.get().document().parties().forEach((party, bound) -> {
                boolean enters = !bound.equals(under.parties().get(party));
                if (enters && !offer.accepted().containsKey(bound.text())) {
                    missing.add(bound);
                }
            });
        }
        Electorate electorate =
                new Electorate(under, view.newest().orElseThrow().document());
        return Optional.of(new MotionView(motion, new Poll(found.get(), electorate, now), amended, missing));
    }

    /// A notice; nothing if there is none of that name.
    public Optional<NoticeRecord> notice(AgreementId id, Hash notice) throws LedgerException {
        return state.get(Keys.notice(id.text(), notice)).map(NoticeRecord::decode);
    }

    /// What payer and payee agreed on that waits for the settlement of a period.
    public List<AgreedLine> agreed(AgreementId id, Period period) throws LedgerException {
        return state.get(Keys.adjustments(id.text(), period.text()))
                .map(AgreedLine::all)
                .orElse(List.of());
    }

    /// The settlement of a period with all its lines; nothing if it is not settled.
    public Optional<StatementView> statement(AgreementId id, Period period) throws LedgerException {
        Optional<Json.Obj> settlement = state.get(Keys.settlement(id.text(), period.text()));
        if (settlement.isEmpty()) {
            return Optional.empty();
        }
        List<Json.Obj> lines = lines(id, period, settlement.get().whole("count"));
        List<Bytes> leaves = lines.stream().map(Json::canonical).toList();
        if (!Merkle.root(leaves).hex().equals(settlement.get().text("postings"))) {
            throw broken(id, "the lines of " + period.text() + " are not those of its settlement");
        }
        SortedMap<String, OpenItem> items = state.get(Keys.openItems(id.text(), period.text()))
                .map(OpenItem.CODEC.decode())
                .orElse(new TreeMap<>());
        return Optional.of(new StatementView(Hash.of(settlement.get().canonical()), settlement.get(), lines, items));
    }

    /// What the periods up to this one left for the next, as the last close wrote it, all of it. Nobody vouches for it
    /// but that close: what is computed from it must be held against something else.
    public History after(AgreementId id, Period period) throws LedgerException {
        return after(id, period, History::readWhole);
    }

    /// The same for whoever computes something with it at once: it is read as far as that asks for it.
    public <T> T after(AgreementId id, Period period, Function<History, T> compute) throws LedgerException {
        try {
            return compute.apply(new RollUp(id.text(), this::read).after(period).orElseThrow());
        } catch (Unread e) {
            throw e.why;
        } catch (RuntimeException e) {
            throw new LedgerException.Refused(
                    "agreement " + id + ": what the close of " + period.text() + " left cannot be read", e);
        }
    }

    private Optional<Json.Obj> read(String key) {
        try {
            return state.get(key);
        } catch (LedgerException e) {
            throw new Unread(e);
        }
    }

    /// Carries an answer that was not reached through rules that know no ledger.
    private static final class Unread extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final LedgerException why;

        Unread(LedgerException why) {
            super(why);
            this.why = why;
        }
    }

    private List<Json.Obj> lines(AgreementId id, Period period, long count) throws LedgerException {
        List<Json.Obj> lines = new ArrayList<>();
        for (int page = 1; lines.size() < count; page++) {
            Json.Obj stored = state.get(Keys.lines(id.text(), period.text(), page))
                    .orElseThrow(() -> broken(id, "lines of " + period.text() + " are missing"));
            stored.items("lines").forEach(line -> lines.add((Json.Obj) line));
        }
        return lines;
    }

    private static LedgerException.Refused broken(AgreementId id, String what) {
        return new LedgerException.Refused("agreement " + id + ": " + what, null);
    }
}
