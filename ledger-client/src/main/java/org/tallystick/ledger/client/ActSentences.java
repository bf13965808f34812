package org.tallystick.ledger.client;

import java.util.stream.Collectors;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.signing.WalletAddress;

/// What an instruction asks for, in one sentence for whoever is to sign it: in lower case and without a full stop.
public final class ActSentences {

    private ActSentences() {}

    public static String of(Payload payload) {
        String party = payload.party().text();
        String agreement =
                payload.scope().map(scope -> scope.agreement().text()).orElse("");
        return switch (payload.act()) {
            case Act.RegisterRegistrar act -> "registers " + named(act.key()) + " as a registrar of " + party;
            case Act.LogKey act ->
                "registers a key of " + party + " that signs the log (" + act.role() + "): " + act.vkey();
            case Act.Enroll act -> "enrolls " + party + " with " + named(act.key());
            case Act.Rehost act ->
                "moves " + party + " to the member " + act.member().text();
            case Act.RecoverySet act -> "lets " + quorum(act.recovery()) + " recover " + party;
            case Act.KeyAdd act ->
                "gives " + party + " one more key, " + named(act.key()) + ", to "
                        + act.purposes().stream().map(Purpose::text).collect(Collectors.joining(", "));
            case Act.KeyRotate act ->
                "puts " + named(act.key()) + " in the place of the key " + act.old() + " of " + party;
            case Act.KeyRevoke act -> "ends the key " + act.key() + " of " + party + " (" + act.reason() + ")";
            case Act.KeyCompromised act ->
                "ends the key " + act.key() + " of " + party + ", and puts in doubt what it signed since "
                        + act.since();
            case Act.KeyRecover act ->
                "recovers " + party + ": gives it " + named(act.key())
                        + ", which may do everything, and ends every key that administers it"
                        + (act.revoke().isEmpty() ? "" : ", and those named");
            case Act.TrialClock act -> "sets the clock of this trial ledger " + act.offset() + " s ahead";
            case Act.Offer _ -> "offers the agreement " + agreement + " as written below";
            case Act.Accept _ -> "accepts the version of " + agreement + " that is named below";
            case Act.Counter act ->
                "offers the agreement " + agreement + " as written below, instead of version " + act.to();
            case Act.Decline _ -> "declines the version of " + agreement + " that is named below";
            case Act.Withdraw act ->
                "takes back "
                        + act.motion().map(motion -> "the motion " + motion).orElse("its offer or acceptance")
                        + " under " + agreement;
            case Act.Amend act -> "moves a new version of " + agreement + " as written below (" + act.decision() + ")";
            case Act.Motion act -> "moves to " + act.decision().text("kind") + " under " + agreement;
            case Act.Vote act -> "votes " + act.choice() + " on the motion " + act.motion() + " under " + agreement;
            case Act.Execute act -> "carries out the motion " + act.motion() + " under " + agreement;
            case Act.Notice act ->
                "gives notice under " + agreement + ": " + act.topic()
                        + act.against().map(against -> " by " + against.text()).orElse("");
            case Act.Adjust act ->
                "agrees that " + act.payer() + " pays " + act.payee() + " " + act.amount() + " minor units for "
                        + act.period() + " under " + agreement + " (" + act.reason() + ": " + act.text() + ")";
            case Act.Report act ->
                "reports " + act.events().size() + " events of the source " + act.source() + " under " + agreement;
            case Act.Declare act ->
                "declares that " + act.period() + " of the source " + act.source() + " is complete, under " + agreement;
            case Act.Attest act -> "attests " + act.proofs().size() + " events of others under " + agreement;
            case Act.Contradict act -> "contradicts " + act.proofs().size() + " events of others under " + agreement;
            case Act.TakeBack act ->
                "opens " + act.period() + " of the source " + act.source() + " again, under " + agreement;
            case Act.Seal act ->
                "declares " + act.period() + " of the silent source " + act.source() + " in its owner's place, under "
                        + agreement;
            case Act.Claim act -> "claims that the source " + act.source() + " lacks an event, under " + agreement;
            case Act.ClaimAnswer _ -> "answers a claim under " + agreement;
            case Act.Close act -> "has " + act.period() + " of " + agreement + " settled";
            case Act.Other _ ->
                "asks for " + payload.kind().text() + " by " + party
                        + (agreement.isEmpty() ? "" : " under " + agreement);
        };
    }

    /// A public key, as a person tells keys apart.
    public static String named(Key key) {
        return switch (key) {
            case Key.Wallet wallet -> "the wallet " + WalletAddress.shown(wallet);
            default -> "the " + key.algorithm().text() + " key " + key.thumb();
        };
    }

    private static String quorum(Recovery recovery) {
        String parties = recovery.parties().stream().map(PartyId::text).collect(Collectors.joining(", "));
        return recovery.threshold() == recovery.parties().size()
                ? parties + (recovery.parties().size() == 1 ? "" : " together")
                : "any " + recovery.threshold() + " of " + parties;
    }
}
