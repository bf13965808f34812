package org.tallystick.acceptance.bench;

import java.math.BigInteger;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.VerifierKey;

/// One agreement of a benchmark, and one party whose keys come and go: each act once, in the order of a life.
///
/// A platform, a shop and a maker are its sides; a board of five decides what the platform does not decide alone.
final class LivedAgreement {

    static final String PLATFORM = "north/platform";
    static final String SHOP = "east/shop";
    static final String MAKER = "west/maker";
    static final String COUNSEL = "north/counsel";
    static final String ADVISER = "east/adviser";

    private static final Duration OPEN = Duration.ofDays(20);
    private static final String SALES = "books";
    private static final String USE = "web";
    private static final long AMOUNT = 12_345;

    private final LifeParties parties;
    private final int place;
    private final String party;
    private final String id;
    private final YearMonth opening;
    private final Json.Obj sale;
    private final Json.Obj use;
    private Json.Obj document;
    private Hash motion = Hash.ZERO;
    private Hash claim = Hash.ZERO;

    /// @param place among those that live at the same time
    /// @param label no other's
    LivedAgreement(LifeParties parties, int place, String label) {
        this.parties = parties;
        this.place = place;
        this.party = "west/" + label;
        this.id = PLATFORM + "/" + label;
        String today = parties.now().day().toString();
        this.opening = YearMonth.from(parties.now().day());
        this.sale = object("{'amount':%d,'attrs':{'ref':'INV-1'},'currency':'EUR','date':'%s','type':'sale'}"
                .formatted(AMOUNT, today));
        this.use = object("{'date':'%s','quantity':3,'type':'usage'}".formatted(today));
        this.document = document();
    }

    private static Json.Obj object(String text) {
        if (JsonReader.read(Bytes.ofUtf8(text.replace('\'', '"')), JsonReader.Profile.FILE)
                instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalArgumentException(text);
    }

    private Json.Obj document() {
        return object("""
            {'agreement':'1','days':{'grace':5},
             'governance':{'kind':'board','lockHours':1,'need':3,
               'overrides':{'appoint':{'kind':'principal','noticeDays':0,'principal':'platform'},
                            'suspend':{'kind':'principal','noticeDays':0,'principal':'platform'}},
               'seats':[{'party':'platform','seat':'s1'},{'party':'shop','seat':'s2'},{'party':'maker','seat':'s3'},
                        {'party':'%s','seat':'s4'},{'party':'%s','seat':'s5'}]},
             'home':{'kind':'public'},'id':'%s','number':1,'opening':'%s',
             'parties':{'maker':'%s','platform':'%s','shop':'%s'},
             'roles':{'attesters':{'usage':['maker']},'closers':['platform'],
               'sources':[{'first':'%s','id':'books','owner':'shop','types':['refund','sale']},
                          {'first':'%s','id':'web','owner':'platform','types':['usage']}]},
             'starts':'%s','term':{'from':'%s-01','leaveDays':90},
             'terms':{'terms':'1','id':'lived','title':'Lived','hub':'platform','currency':'EUR',
               'calendar':{'frequency':'month'},
               'parties':[{'id':'platform'},{'id':'shop'},{'id':'maker'}],
               'measures':{'sales':{'plus':[{'type':'sale'}],'minus':[{'type':'refund'}]},
                           'use':{'of':'quantity','plus':[{'type':'usage'}]}},
               'clauses':[{'id':'f','type':'fee','from':'platform','to':'shop','of':'sales','rate':'1/10'},
                          {'id':'s','type':'split','holder':'platform','of':'sales',
                           'shares':{'platform':'1/3','shop':'1/3','maker':'1/3'}}],
               'settlement':{'negative':'carry'}}}
            """.formatted(
                        COUNSEL, ADVISER, id, opening, MAKER, PLATFORM, SHOP, opening, opening, opening, opening));
    }

    private static Json.Obj with(Json.Obj document, String member, Json value) {
        TreeMap<String, Json> members = new TreeMap<>(document.members());
        Json _ = members.put(member, value);
        return new Json.Obj(members);
    }

    private Hash version() {
        return Hash.of(document.canonical());
    }

    private String name(String which) {
        return party + " " + which;
    }

    private Signed signed(String by, Act act) {
        return parties.under(place, id, version(), by, act, by);
    }

    // What the party does, and what is done for it.

    /// One more key of a member that enrolls parties.
    Signed registrar() {
        String name = "north " + party;
        Act act = new Act.RegisterRegistrar(
                parties.key(name).key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return parties.registry(place, "north", act, name);
    }

    /// One more key of a member that says where chains of the log end.
    Signed logKey() {
        SeedKey key = SeedKey.ofSeed(
                        SeedKey.Kind.ED25519,
                        Hash.of(Bytes.ofUtf8("log key of " + party)).bytes())
                .orElseThrow();
        VerifierKey vkey = new VerifierKey("north/head", VerifierKey.Type.ED25519, key.publicKey());
        return parties.registry(place, "north", new Act.LogKey("head", vkey.text(), Optional.empty()), "north");
    }

    Signed enroll() {
        return enroll(parties, place, party);
    }

    static Signed enroll(LifeParties parties, int place, String party) {
        Act act = new Act.Enroll(
                parties.key(party).key(),
                Purpose.ALL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return parties.registry(
                place, party, act, party, new PartyId(party).member().text());
    }

    Signed recoverySet() {
        Recovery recovery = new Recovery(List.of(new PartyId(SHOP), new PartyId(MAKER)), 2);
        return parties.registry(place, party, new Act.RecoverySet(recovery), party);
    }

    Signed rehost() {
        return parties.registry(place, party, new Act.Rehost(new MemberId("north")), party, "north");
    }

    Signed keyAdd(String which) {
        Act act = new Act.KeyAdd(
                parties.key(name(which)).key(),
                Purpose.ALL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return parties.registry(place, party, act, party, name(which));
    }

    Signed keyRotate(String which, String next) {
        Act act = new Act.KeyRotate(
                parties.thumb(name(which)), parties.key(name(next)).key());
        return parties.registry(place, party, act, name(which), name(next));
    }

    Signed keyRevoke(String which) {
        return parties.registry(place, party, new Act.KeyRevoke(parties.thumb(name(which)), "left"), party);
    }

    Signed keyCompromised(String which) {
        Act act = new Act.KeyCompromised(parties.thumb(name(which)), parties.now(), Optional.empty());
        return parties.registry(place, party, act, party);
    }

    /// By the two that were named for it.
    Signed keyRecover(String which) {
        Act act = new Act.KeyRecover(parties.key(name(which)).key(), List.of());
        return parties.registry(place, party, act, name(which), SHOP, MAKER);
    }

    // How the agreement comes about.

    Signed offer() {
        return signed(PLATFORM, new Act.Offer(document, parties.now().plus(OPEN)));
    }

    Signed withdraw() {
        return signed(PLATFORM, new Act.Withdraw(Optional.empty()));
    }

    Signed decline() {
        return signed(SHOP, new Act.Decline(Optional.of("not these terms")));
    }

    Signed counter() {
        Hash to = version();
        document = with(document, "days", object("{'grace':4}"));
        return signed(SHOP, new Act.Counter(document, parties.now().plus(OPEN), to));
    }

    Signed accept(String by) {
        return signed(by, new Act.Accept(Optional.empty()));
    }

    // What happens under it.

    /// The platform decides alone, so the version is adopted at once.
    Signed amend() {
        document = with(
                with(with(document, "supersedes", Json.text(version().hex())), "number", Json.whole(2)),
                "days",
                object("{'grace':5}"));
        return signed(PLATFORM, new Act.Amend("appoint", document, parties.now().plus(OPEN)));
    }

    Signed reportSale() {
        return report(SALES, SHOP, sale);
    }

    /// What waits for the maker.
    Signed reportUse() {
        return report(USE, PLATFORM, use);
    }

    private Signed report(String source, String by, Json.Obj event) {
        return signed(by, new Act.Report(new SourceId(source), 1, List.of(event), List.of()));
    }

    private static Act.EventProof proof(String source, Json.Obj event) {
        return new Act.EventProof(EventId.parse(source + "/0000000001").orElseThrow(), event, 1, List.of());
    }

    Signed contradict() {
        return signed(MAKER, new Act.Contradict(List.of(proof(USE, use)), "it was two", Optional.empty()));
    }

    Signed attest() {
        return signed(MAKER, new Act.Attest(List.of(proof(USE, use))));
    }

    Signed claim() {
        Act.Evidence evidence = new Act.Evidence(Hash.of(Bytes.ofUtf8("an invoice")), "invoice.pdf", 10);
        Signed signed = signed(MAKER, new Act.Claim(new SourceId(SALES), sale, evidence, Optional.empty()));
        claim = signed.instruction();
        return signed;
    }

    Signed claimAnswer() {
        return signed(SHOP, new Act.ClaimAnswer(claim, new Act.Reply.Reported(proof(SALES, sale)), Optional.empty()));
    }

    /// The platform decides alone, so it is carried out at once.
    Signed suspend() {
        return signed(
                PLATFORM,
                new Act.Motion(
                        object("{'kind':'suspend','party':'shop'}"),
                        parties.now().plus(OPEN)));
    }

    /// The board decides.
    Signed pause() {
        Signed signed = signed(
                PLATFORM,
                new Act.Motion(
                        object("{'kind':'pause','reason':'we move'}"),
                        parties.now().plus(OPEN)));
        motion = signed.instruction();
        return signed;
    }

    Signed vote(String by) {
        return signed(by, new Act.Vote(motion, "yes"));
    }

    Signed execute() {
        return signed(MAKER, new Act.Execute(motion));
    }

    Signed leave() {
        return signed(
                MAKER, new Act.Notice("leave", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    Signed declare() {
        Act.Total total =
                new Act.Total("sale", Optional.of("EUR"), 1, Optional.of(BigInteger.valueOf(AMOUNT)), Optional.empty());
        return signed(SHOP, new Act.Declare(new SourceId(SALES), opening.toString(), 1, 1, 0, List.of(total)));
    }

    Signed takeBack() {
        return signed(SHOP, new Act.TakeBack(new SourceId(SALES), opening.toString()));
    }

    Signed sealSales() {
        return seal(SALES);
    }

    Signed sealUse() {
        return seal(USE);
    }

    private Signed seal(String source) {
        return signed(MAKER, new Act.Seal(new SourceId(source), opening.toString()));
    }

    Signed close() {
        return signed(PLATFORM, new Act.Close(opening.toString()));
    }

    /// Signed by both.
    Signed adjust() {
        Act act = new Act.Adjust(
                opening.toString(), "platform", "shop", BigInteger.TEN, "goodwill", "thanks", Optional.empty());
        return parties.under(place, id, version(), PLATFORM, act, PLATFORM, SHOP);
    }
}
