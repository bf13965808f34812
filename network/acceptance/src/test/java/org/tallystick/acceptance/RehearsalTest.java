package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.network.TrialNetwork;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;

/// An upgrade of the chaincode whose rules are really others, on the smallest network of Fabric's own programs.
@Tag("slow")
@Timeout(600)
final class RehearsalTest {

    private static final Path EXAMPLES = Path.of("../../docs/spec/examples");

    private final Transcript transcript = new Transcript();
    private Path folder = Path.of("");
    private Optional<FabricNetwork> network = Optional.empty();
    private Optional<Stand> stand = Optional.empty();

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        Optional<Binaries> binaries = Binaries.find(System.getenv());
        assumeTrue(binaries.isPresent(), "Fabric: no rehearsal, none of its programs were found");
        folder = temporary;
        network = Optional.of(
                FabricNetwork.start(folder, TrialNetwork.shortLived("dev"), new Backend.Native(), binaries.get()));
        stand = Optional.of(Stand.set(folder, network.get(), transcript));
        stand().registerRegistrars();
        boolean _ = stand().reachesEndOfExamples();
    }

    @AfterEach
    void stop() {
        stand.ifPresent(Stand::close);
    }

    private Stand stand() {
        return stand.orElseThrow();
    }

    private Ended tally(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of("network", command));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--folder", network.orElseThrow().folder().toString()));
        return stand().tally("admin", all.toArray(String[]::new));
    }

    private long sequence() throws Exception {
        return network.orElseThrow()
                .trial()
                .network()
                .status()
                .chaincode()
                .orElseThrow()
                .sequence();
    }

    private Path approved() throws Exception {
        String version = network.orElseThrow()
                .trial()
                .network()
                .status()
                .chaincode()
                .orElseThrow()
                .version();
        return network.orElseThrow().folder().resolve("public/chaincode").resolve(version);
    }

    private void settles(ExampleAgreement agreement, String period) {
        agreement.signers().forEach(party -> stand().partner(party).reports(agreement, period));
        stand().partner(agreement.hub()).closes(agreement, period);
    }

    /// Where an act was decided: block, transaction, item.
    private record Place(long block, long transaction, long item) {}

    private List<Place> places(ActKind kind) throws Exception {
        List<Place> places = new ArrayList<>();
        try (Ledger ledger = stand().network().connect("north");
                BlockStream blocks = ledger.blocks(0)) {
            long height = ledger.height();
            for (long number = 0; number < height; number++) {
                for (LedgerBlock.Transaction transaction : blocks.next().transactions()) {
                    for (int item = 0; item < transaction.arguments().size(); item++) {
                        if (transaction.valid()
                                && Signed.read(transaction.arguments().get(item)) instanceof Signed signed
                                && signed.payload().kind() == kind) {
                            places.add(new Place(number, transaction.index(), item));
                        }
                    }
                }
            }
        }
        return places;
    }

    private static Json.Obj json(Ended ended) {
        if (JsonReader.read(Bytes.ofUtf8(ended.output().strip()), JsonReader.Profile.FILE)
                instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new AssertionError("no JSON object: " + ended.output());
    }

    private static String text(Json json) {
        return json.canonical().utf8().orElseThrow();
    }

    @Test
    void an_upgrade_that_rounds_otherwise_is_told_by_its_settlements_and_deployed_only_despite_them() throws Exception {
        ExampleAgreement agreement = ExampleAgreement.roundingModes(EXAMPLES);
        List<String> periods = agreement.periods();
        Partner hub = stand().partner(agreement.hub());
        stand().agree(agreement);
        settles(agreement, periods.get(0));
        Ended refused = stand().tally(hub.party(), "close", agreement.id(), periods.get(0), "--as", hub.party());
        settles(agreement, periods.get(1));
        // The half goes up, and what was settled is refused in another word.
        ChangedCode changed = new ChangedCode(approved(), folder.resolve("changed"))
                .with(
                        "numbers/Rounding",
                        "case HALF_EVEN -> toHalf > 0 || (toHalf == 0 && odd);",
                        "case HALF_EVEN -> toHalf >= 0;")
                .with("rules/Sources", "Code.PERIOD_SETTLED", "Code.PERIOD_CLOSING");
        String code = changed.folder().toString();

        Ended same = tally("rehearse", approved().toString());
        Ended told = tally("rehearse", code);
        Json.Obj answer = json(tally("rehearse", code, "--json"));

        assertThat(refused.output()).contains("period_settled");
        assertThat(same.exitCode()).as(same.output()).isZero();
        assertThat(told.exitCode()).as(told.output()).isEqualTo(1);
        assertThat(told.output()).contains("close of north/vendor/tips by north/vendor", "3 answers would differ");
        List<Json.Obj> differences =
                answer.items("differences").stream().map(Json.Obj.class::cast).toList();
        assertThat(differences)
                .extracting(one -> new Place(one.whole("block"), one.whole("transaction"), one.whole("item")))
                .isEqualTo(places(ActKind.CLOSE))
                .hasSize(3);
        assertThat(text(differences.get(0).get("decided"))).contains("\"kind\":\"settlement\"");
        assertThat(text(differences.get(0).get("rehearsed"))).contains("\"kind\":\"settlement\"");
        assertThat(text(differences.get(1).get("decided"))).contains("\"code\":\"period_settled\"");
        assertThat(text(differences.get(1).get("rehearsed"))).contains("\"code\":\"period_closing\"");

        Ended without = tally("deploy", code);

        assertThat(without.exitCode()).as(without.output()).isEqualTo(1);
        assertThat(without.output()).contains("3 answers would have been different", "--despite");
        assertThat(sequence()).isEqualTo(1);
        assertThat(hub.finds(agreement, periods.get(0))).isEmpty();

        Ended despite = tally("deploy", code, "--despite");
        settles(agreement, periods.get(2));

        assertThat(despite.exitCode()).as(despite.output()).isZero();
        assertThat(sequence()).isEqualTo(2);
        assertThat(hub.finds(agreement, periods.get(1))).isEmpty();
        assertThat(hub.finds(agreement, periods.get(2))).isPresent();
    }
}
