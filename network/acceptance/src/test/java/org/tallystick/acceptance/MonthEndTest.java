package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.Party;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.monthend.Closed;
import org.tallystick.ledger.monthend.Closes;
import org.tallystick.ledger.monthend.MonthEnd;
import org.tallystick.ledger.monthend.Readiness;

/// The month end of a business with many agreements, on an embedded ledger with a gateway before it, each in a process
/// of its own.
final class MonthEndTest {

    private static final Path EXAMPLES = Path.of("../../docs/spec/examples");
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);
    private static final Duration OPEN = Duration.ofDays(10);
    private static final Duration GOAL = Duration.ofMinutes(2);
    private static final int MANY = 400;
    private static final int SOME = 24;
    /// So many are closed when the command is killed.
    private static final int CLOSED_BEFORE = 5;
    /// Agreements that are made at once.
    private static final int AT_ONCE = 16;

    @TempDir
    Path folder = Path.of(".");

    @Test
    @Tag("slow")
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_month_end_that_is_killed_in_the_middle_is_begun_again_and_settles_each_agreement_once() throws Exception {
        try (Stand stand = stand()) {
            List<ExampleAgreement> agreements = declared(stand, SOME);
            String period = agreements.getFirst().periods().getFirst();
            String hub = agreements.getFirst().hub();

            List<String> told = killed(stand, hub, period);
            List<Closed> rest = closes(stand, hub, period);
            List<Closed> again = closes(stand, hub, period);

            assertThat(told).hasSizeGreaterThanOrEqualTo(CLOSED_BEFORE);
            assertThat(rest).hasSize(SOME).allMatch(Closed::settled);
            assertThat(rest).filteredOn(Closed.Before.class::isInstance).hasSizeGreaterThanOrEqualTo(CLOSED_BEFORE);
            assertThat(again).hasSize(SOME).allMatch(Closed.Before.class::isInstance);
            try (HttpCourier courier = new HttpCourier(stand.gateway())) {
                for (ExampleAgreement agreement : agreements) {
                    AgreementId id = new AgreementId(agreement.id());
                    assertThat(new Agreements(courier).statement(id, Period.ofText(period)))
                            .hasValueSatisfying(
                                    settled -> assertThat(settled.settlement().whole("number"))
                                            .isEqualTo(1));
                    assertThat(courier.settledAt(id, Period.ofText(period))).isPresent();
                }
            }
        }
    }

    @Test
    @Tag("long")
    @Timeout(value = 1_800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void four_hundred_agreements_are_closed_within_two_minutes() throws Exception {
        try (Stand stand = stand()) {
            List<ExampleAgreement> agreements = declared(stand, MANY);
            Period period = Period.ofText(agreements.getFirst().periods().getFirst());
            PartyId hub = new PartyId(agreements.getFirst().hub());

            List<Readiness> before;
            Duration looked;
            Duration closed;
            List<Closed> all;
            try (HttpCourier courier = new HttpCourier(stand.gateway())) {
                long begin = System.nanoTime();
                before = new MonthEnd(courier, hub, Desk.at(courier).time()).of(period);
                looked = Duration.ofNanos(System.nanoTime() - begin);
                begin = System.nanoTime();
                all = closes(stand, hub.text(), period.text());
                closed = Duration.ofNanos(System.nanoTime() - begin);
            }

            System.out.printf(
                    "month end of %d agreements: looked through in %.1f s, closed in %.1f s%n",
                    MANY, looked.toMillis() / 1e3, closed.toMillis() / 1e3);
            assertThat(before).hasSize(MANY).allMatch(one -> one.state() instanceof Readiness.Ready);
            assertThat(all).hasSize(MANY).allMatch(Closed::settled);
            assertThat(closed).isLessThan(GOAL);
        }
    }

    private Stand stand() throws IOException {
        Stand stand = Stand.set(
                folder, EmbeddedNetwork.start(folder, TallyProcess.LASTING), Audience.NOBODY, TallyProcess.LASTING);
        stand.registerRegistrars();
        boolean _ = stand.reachesEndOfExamples();
        return stand;
    }

    /// So many agreements whose first period is reported and declared.
    private static List<ExampleAgreement> declared(Stand stand, int count) throws Exception {
        List<ExampleAgreement> agreements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            agreements.add(ExampleAgreement.creators(EXAMPLES).labeled("month-%03d".formatted(i)));
        }
        agreements.getFirst().signers().forEach(party -> stand.partner(party).enrolls());
        try (HttpCourier courier = new HttpCourier(stand.gateway())) {
            together(IntStream.range(0, count)
                    .<Callable<Void>>mapToObj(i -> () -> {
                        declare(stand, courier, agreements.get(i));
                        return null;
                    })
                    .toList());
        }
        return agreements;
    }

    private static void declare(Stand stand, Courier courier, ExampleAgreement agreement) throws Exception {
        AgreementId id = new AgreementId(agreement.id());
        Party hub = party(stand, courier, agreement.hub());
        applied(hub.offer(id, agreement.document(), OPEN));
        Agreements agreements = new Agreements(courier);
        AgreementView.VersionView offered =
                agreements.find(id).orElseThrow().shown().orElseThrow();
        for (String signer : agreement.signers()) {
            if (!signer.equals(agreement.hub())) {
                applied(party(stand, courier, signer).accept(id, offered));
            }
        }
        Document document = offered.document();
        String period = agreement.periods().getFirst();
        Handmade handmade = new Handmade(stand, agreement, courier.net());
        for (ExampleAgreement.Source source : agreement.sources()) {
            List<Json> sales = agreement.events(source.id(), period).stream()
                    .filter(event -> ((Json.Obj) event).text("type").equals("sale"))
                    .toList();
            Act.Report report = handmade.report(source, 1, sales);
            Signed signed = handmade.signed(handmade.payload(agreement.hub(), report));
            courier.send(List.of(signed), LONGEST_ANSWER).forEach(MonthEndTest::applied);
            applied(hub.declare(id, document, new SourceId(source.id()), Period.ofText(period)));
        }
    }

    private static Party party(Stand stand, Courier courier, String id) throws Exception {
        PartyId party = new PartyId(id);
        return new Party(
                party,
                new KeyFolder(stand.home(id)).hand(party),
                Desk.at(courier).waiting(LONGEST_ANSWER));
    }

    private static void applied(Sent sent) {
        if (!sent.applied()) {
            throw new IllegalStateException(
                    "not applied: " + sent.encode().canonical().utf8().orElseThrow());
        }
    }

    private static void together(List<Callable<Void>> works) throws Exception {
        Semaphore free = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (Callable<Void> work : works) {
                all.add(threads.submit(() -> {
                    free.acquire();
                    try {
                        return work.call();
                    } finally {
                        free.release();
                    }
                }));
            }
            for (Future<Void> one : all) {
                Void _ = one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("an agreement was not made", e);
        }
    }

    private static List<Closed> closes(Stand stand, String hub, String period) throws Exception {
        try (HttpCourier courier = new HttpCourier(stand.gateway())) {
            Party party = party(stand, courier, hub);
            return new Closes(party, courier, Desk.at(courier).time()).ready(Period.ofText(period), _ -> {});
        }
    }

    /// Runs the command in a process of its own, and kills it as soon as it has told of some closes.
    ///
    /// @return the lines that it told
    private static List<String> killed(Stand stand, String hub, String period) throws Exception {
        Process process = TallyProcess.process(List.of(
                "close",
                "--ready",
                period,
                "--as",
                hub,
                "--home",
                stand.home(hub).toString(),
                "--gateway",
                stand.gateway().toString()));
        List<String> told = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null && told.size() < CLOSED_BEFORE; line = lines.readLine()) {
                if (line.contains(" " + period + ": ")) {
                    told.add(line);
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return told;
    }
}
