package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// A party: which member hosts it, its keys that are not revoked, and who may recover it.
///
/// @param keys how many there are
/// @param admins those of them that administer, by thumb
/// @param recovery who may recover it: those named last
/// @param replaced those before them that stay good for a while, oldest first
public record PartyRecord(
        LedgerTime at,
        String host,
        long keys,
        List<Admin> admins,
        Optional<String> name,
        Optional<Recovery> recovery,
        List<Replaced> replaced) {

    public static final Codec<PartyRecord> CODEC = new Codec<>(PartyRecord::decode, PartyRecord::encode);

    public PartyRecord {
        admins = admins.stream().sorted(Comparator.comparing(Admin::thumb)).toList();
        replaced = List.copyOf(replaced);
    }

    /// A key that administers the party.
    public record Admin(String thumb, Optional<LedgerTime> from, Optional<LedgerTime> until) {

        /// Whether it is good now, and no clock ends it.
        private boolean lasts(LedgerTime now) {
            return until.isEmpty() && from.filter(now::isBefore).isEmpty();
        }

        private static Admin of(Json.Obj json) {
            return new Admin(
                    json.text("key"),
                    json.findText("from").map(LedgerTime::of),
                    json.findText("until").map(LedgerTime::of));
        }

        private Json.Obj toJson() {
            return Json.object()
                    .withText("from", from.map(LedgerTime::text))
                    .with("key", thumb)
                    .withText("until", until.map(LedgerTime::text))
                    .build();
        }
    }

    /// A recovery quorum in whose place another was named.
    ///
    /// @param until when it ends
    public record Replaced(Recovery recovery, LedgerTime until) {

        private boolean stands(LedgerTime now) {
            return now.isBefore(until);
        }

        private static Replaced of(Json.Obj json) {
            return new Replaced(Recovery.of(json), LedgerTime.of(json.text("until")));
        }

        private Json.Obj toJson() {
            return Json.object()
                    .with("parties", recovery.toJson().get("parties"))
                    .with("threshold", recovery.threshold())
                    .with("until", until.text())
                    .build();
        }
    }

    public PartyRecord hosted(LedgerTime when, String member) {
        return new PartyRecord(when, member, keys, admins, name, recovery, replaced);
    }

    /// The same, when an act was on it that changed nothing else.
    public PartyRecord touched(LedgerTime when) {
        return new PartyRecord(when, host, keys, admins, name, recovery, replaced);
    }

    /// With one more key.
    public PartyRecord with(LedgerTime when, Optional<Admin> admin) {
        return new PartyRecord(
                when,
                host,
                keys + 1,
                Stream.concat(admins.stream(), admin.stream()).toList(),
                name,
                recovery,
                replaced);
    }

    /// Without a key that it has.
    public PartyRecord without(LedgerTime when, String thumb) {
        return new PartyRecord(when, host, keys - 1, adminsBut(thumb), name, recovery, replaced);
    }

    /// Whether a key that is good now and has no end would administer the party if this one did not.
    public boolean isAdministeredWithout(String thumb, LedgerTime now) {
        return adminsBut(thumb).stream().anyMatch(admin -> admin.lasts(now));
    }

    public boolean isAdministeredBy(String thumb) {
        return admins.stream().anyMatch(admin -> admin.thumb().equals(thumb));
    }

    private List<Admin> adminsBut(String thumb) {
        return admins.stream().filter(admin -> !admin.thumb().equals(thumb)).toList();
    }

    /// When there is room for one more recovery quorum; nothing if there is.
    public Optional<LedgerTime> fullUntil(LedgerTime now) {
        List<Replaced> standing = standingReplaced(now);
        return recovery.isPresent() && standing.size() == Limits.REPLACED_RECOVERIES
                ? Optional.of(standing.getFirst().until())
                : Optional.empty();
    }

    public PartyRecord recoveredBy(LedgerTime when, Recovery by) {
        List<Replaced> before = new ArrayList<>(standingReplaced(when));
        recovery.ifPresent(last -> before.add(new Replaced(last, when.plus(Limits.REPLACED_RECOVERY))));
        return new PartyRecord(when, host, keys, admins, name, Optional.of(by), before);
    }

    private List<Replaced> standingReplaced(LedgerTime now) {
        return replaced.stream().filter(one -> one.stands(now)).toList();
    }

    /// Who may recover it now, oldest first.
    public List<Recovery> standing(LedgerTime now) {
        return Stream.concat(standingReplaced(now).stream().map(Replaced::recovery), recovery.stream())
                .toList();
    }

    /// The record after an act that these signed: if they are a recovery quorum, the oldest that they are is the last
    /// one named again. Else whoever stole a key could name a quorum that outlives every recovery.
    ///
    /// @param party whose record it is
    public PartyRecord signedBy(List<? extends Owner> signers, PartyId party, LedgerTime now) {
        List<Owner> others = signers.stream()
                .filter(signer -> signer instanceof PartyId && !signer.equals(party))
                .<Owner>map(signer -> signer)
                .toList();
        List<Replaced> standing = standingReplaced(now);
        for (int i = 0; i < standing.size(); i++) {
            Recovery quorum = standing.get(i).recovery();
            if (quorum.isMetBy(others)) {
                return new PartyRecord(at, host, keys, admins, name, Optional.of(quorum), standing.subList(0, i));
            }
        }
        return this;
    }

    public static PartyRecord decode(Json.Obj json) {
        return new PartyRecord(
                LedgerTime.of(json.text("at")),
                json.text("host"),
                json.whole("keys"),
                objects(json, "admins").map(Admin::of).toList(),
                json.findText("name"),
                json.find("recovery").map(recovery -> Recovery.of((Json.Obj) recovery)),
                json.has("replaced")
                        ? objects(json, "replaced").map(Replaced::of).toList()
                        : List.of());
    }

    private static Stream<Json.Obj> objects(Json.Obj json, String member) {
        return json.items(member).stream().map(item -> (Json.Obj) item);
    }

    public Json.Obj encode() {
        return Json.object()
                .with("admins", Json.array(admins.stream().map(Admin::toJson).toList()))
                .with("at", at.text())
                .with("host", host)
                .with("keys", keys)
                .withText("name", name)
                .with("recovery", recovery.map(Recovery::toJson))
                .with(
                        "replaced",
                        replaced.isEmpty()
                                ? Optional.empty()
                                : Optional.of(Json.array(
                                        replaced.stream().map(Replaced::toJson).toList())))
                .build();
    }
}
