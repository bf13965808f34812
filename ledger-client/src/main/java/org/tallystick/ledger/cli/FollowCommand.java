package org.tallystick.ledger.cli;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.GatewayClient;
import org.tallystick.ledger.client.News;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.client.Sentences;
import org.tallystick.ledger.client.StreamReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows verdicts as blocks bring them.
@Command(
        name = "follow",
        description = {
            "Prints every verdict as it comes, through a gateway or straight from a peer's blocks; ends with Ctrl-C."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally follow --gateway http://127.0.0.1:8080",
            "  tally follow --identity /srv/ledger/members/north --from 0 --until-now"
        })
final class FollowCommand implements Callable<Integer> {

    private static final Duration WAIT = Duration.ofSeconds(25);

    private final Shell shell;

    @Option(names = "--from", paramLabel = "BLOCK", description = "the first block (default: the next one)")
    long from = -1;

    @Option(names = "--until-now", description = "end with the newest block there is")
    boolean untilNow;

    FollowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        Optional<URI> gateway = shell.gateway();
        return gateway.isPresent() ? through(gateway.get()) : atPeer();
    }

    private int through(URI gateway) throws LedgerException, InterruptedException {
        Optional<Position> newest;
        try (GatewayClient client = new GatewayClient(gateway)) {
            newest = client.getStream(News.Filter.ALL, Optional.empty(), Duration.ZERO)
                    .newest();
        }
        Optional<Position> after = from < 0
                ? newest
                : Optional.of(from - 1).filter(block -> block >= 0).map(Position::endOf);
        try (StreamReader reader = new StreamReader(List.of(gateway), News.Filter.ALL, after)) {
            while (!untilNow || isBefore(reader.position(), newest)) {
                reader.next(untilNow ? Duration.ZERO : WAIT).news().forEach(this::print);
            }
        }
        return Tally.DONE;
    }

    private static boolean isBefore(Optional<Position> position, Optional<Position> end) {
        return end.isPresent() && (position.isEmpty() || position.get().compareTo(end.get()) < 0);
    }

    private void print(News news) {
        String what = news.asked()
                .map(asked -> "instruction of " + asked.party() + " " + asked.id())
                .orElse("step");
        print(
                Json.object()
                        .with("answer", news.item())
                        .with("position", news.at().toString()),
                news.at().toString(),
                news.item(),
                what);
    }

    private int atPeer() throws Exception {
        try (Ledger ledger = shell.ledger()) {
            long height = ledger.height();
            long next = from < 0 ? height : from;
            try (BlockStream blocks = ledger.blocks(next)) {
                for (; !untilNow || next < height; next++) {
                    print(blocks.next());
                }
            }
            return Tally.DONE;
        } catch (BlockStream.Broken e) {
            throw e.getCause() instanceof LedgerException cause ? cause : e;
        }
    }

    private void print(LedgerBlock block) {
        for (LedgerBlock.Transaction transaction : block.transactions()) {
            if (transaction.valid()) {
                List<Json.Obj> answers = transaction.answers();
                for (int item = 0; item < answers.size(); item++) {
                    print(block.number(), transaction, item, answers.get(item));
                }
            }
        }
    }

    private void print(long block, LedgerBlock.Transaction transaction, int item, Json.Obj answer) {
        String position = block + "/" + transaction.index() + "/" + item;
        String what = answer.findText("f").orElseGet(() -> instruction(transaction.arguments(), item));
        print(
                Json.object().with("answer", answer).with("position", position).with("transaction", transaction.id()),
                position,
                answer,
                what);
    }

    private void print(Json.Builder json, String position, Json.Obj answer, String what) {
        if (shell.json()) {
            shell.print(json.build());
            return;
        }
        String said = answer.has("code")
                ? ": " + Sentences.of(answer.text("code"), values(answer)) + " (" + answer.text("code") + ")"
                : "";
        shell.out().println(position + " " + answer.text("result") + " " + what + said);
        shell.out().flush();
    }

    private static Json.Obj values(Json.Obj answer) {
        return answer.has("values") ? answer.object("values") : Json.Obj.EMPTY;
    }

    private static String instruction(List<Bytes> arguments, int item) {
        return item < arguments.size() && Signed.read(arguments.get(item)) instanceof Signed signed
                ? signed.payload().kind().text() + " of "
                        + signed.payload().party().text() + " "
                        + signed.payload().id()
                : "something that is no instruction";
    }
}
