package org.tallystick.acceptance;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.LedgerCourier;
import org.tallystick.ledger.keys.KeyFolderException;

/// What somebody may try who does not mean well: straight at a peer, past the gateway, so that the chaincode alone
/// has to refuse it.
public final class Lies {

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    private final Stand stand;
    private final ExampleAgreement agreement;
    private final String period;

    /// @param period one that is not settled, which the lies are about
    public Lies(Stand stand, ExampleAgreement agreement, String period) {
        this.stand = stand;
        this.agreement = agreement;
        this.period = period;
    }

    private interface Lie {
        Signed told(Handmade handmade, Ledger ledger) throws LedgerException, IOException, KeyFolderException;
    }

    private Answer answer(Lie lie) throws LedgerException, IOException, KeyFolderException {
        String victim = stand.network().members().get(1);
        try (Ledger ledger = stand.network().connect(victim)) {
            Signed told = lie.told(new Handmade(stand, agreement, ledger.net()), ledger);
            return new LedgerCourier(ledger)
                    .send(List.of(told), LONGEST_ANSWER)
                    .getFirst()
                    .answer();
        }
    }

    private Payload close(Handmade handmade) {
        return handmade.payload(agreement.hub(), new Act.Close(period));
    }

    /// Somebody else's key signs for the hub.
    public Answer forged() throws LedgerException, IOException, KeyFolderException {
        return answer((handmade, _) -> handmade.forged(close(handmade)));
    }

    /// The first report that was applied is sent once more, as it stands in its block.
    public Answer replayed() throws LedgerException, IOException, KeyFolderException {
        return answer((_, ledger) -> firstReport(ledger));
    }

    /// What the hub signed is exchanged for something else.
    public Answer altered() throws LedgerException, IOException, KeyFolderException {
        return answer((handmade, _) -> handmade.exchanged(handmade.signed(close(handmade)), close(handmade)));
    }

    private Signed firstReport(Ledger ledger) throws LedgerException {
        long height = ledger.height();
        try (BlockStream blocks = ledger.blocks(0)) {
            for (long number = 0; number < height; number++) {
                for (LedgerBlock.Transaction transaction : blocks.next().transactions()) {
                    for (Bytes argument : transaction.arguments()) {
                        if (Signed.read(argument) instanceof Signed signed && isReport(signed.payload())) {
                            return signed;
                        }
                    }
                }
            }
        }
        throw new IllegalStateException("no report of " + agreement.id() + " is on the ledger");
    }

    private boolean isReport(Payload payload) {
        return payload.kind() == ActKind.REPORT
                && payload.scope()
                        .filter(scope -> scope.agreement().text().equals(agreement.id()))
                        .isPresent();
    }
}
