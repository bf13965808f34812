package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;

/// What the ledger brought at one position, as a gateway tells it: a verdict, or what the last step of a close settled.
///
/// @param agreement unless it is of the registry
/// @param asked the instruction; a step is asked for by nobody
/// @param item of the response, as the ledger has it
public record News(Position at, Optional<AgreementId> agreement, Optional<Asked> asked, Json.Obj item) {

    /// An instruction, by its hash, party and id.
    public record Asked(Hash instruction, String party, Ulid id) {}

    /// Which are wanted; what is empty leaves nothing out.
    ///
    /// @param registry whether acts of the registry are wanted, too, when agreements are named
    /// @param parties that asked
    public record Filter(List<AgreementId> agreements, boolean registry, List<Owner> parties) {

        public static final Filter ALL = new Filter(List.of(), false, List.of());

        public Filter {
            agreements = List.copyOf(agreements);
            parties = List.copyOf(parties);
        }

        /// What is under these agreements.
        public static Filter under(Collection<AgreementId> agreements) {
            return new Filter(List.copyOf(agreements), false, List.of());
        }

        List<String> query() {
            List<String> query = new ArrayList<>();
            agreements.forEach(id -> query.add("agreement=" + id.text()));
            if (registry) {
                query.add("agreement=reg");
            }
            parties.forEach(party -> query.add("party=" + party.text()));
            return query;
        }
    }

    /// Some of them, and where to go on.
    ///
    /// @param next nothing at the very beginning
    /// @param newest the last position there is
    public record Page(List<News> news, Optional<Position> next, Optional<Position> newest) {
        public Page {
            news = List.copyOf(news);
        }
    }

    public Answer answer() {
        return Answer.of(item, Optional.of(at));
    }

    public static News decode(Json.Obj json) {
        return new News(
                Position.decode(json.object("position")),
                json.findText("agreement").map(AgreementId::new),
                json.findText("instruction")
                        .map(hash -> new Asked(
                                new Hash(hash),
                                json.text("party"),
                                Ulid.parse(json.text("id")).orElseThrow())),
                json.object("answer"));
    }
}
