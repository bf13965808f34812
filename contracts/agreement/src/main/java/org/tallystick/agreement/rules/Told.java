package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Read;
import org.tallystick.agreement.signing.Signed;

/// How the answers of a `submit` are told in its response: an applied report by the periods in which its events are
/// booked, and by how many are held. All else follows from the instruction and the time (`docs/spec/ledger-1.md`
/// section 11).
///
/// Every node copies, hashes and keeps a response, and most are of such reports.
public final class Told {

    private static final String BOOKED = "booked";
    private static final String HELD = "held";
    private static final String TIME = "t";
    private static final Set<String> MEMBERS = Set.of(BOOKED, HELD);

    private Told() {}

    static Json.Obj briefly(Json.Obj effect) {
        Json.Builder item = Json.object().with(BOOKED, effect.object(BOOKED));
        return effect.whole(HELD) == 0
                ? item.build()
                : item.with(HELD, effect.whole(HELD)).build();
    }

    /// Whether an item of a response is that of an applied report, told briefly.
    public static boolean isBrief(Json item) {
        return item instanceof Json.Obj object && object.has(BOOKED);
    }

    /// A response with brief answers tells the time that each of their verdicts has.
    static Json.Builder dated(Json.Builder response, List<Json> items, LedgerTime time) {
        return items.stream().anyMatch(Told::isBrief) ? response.with(TIME, time.text()) : response;
    }

    /// What an applied report has done.
    ///
    /// @param booked how many events by period
    static Json.Obj effect(Act.Report report, Json.Obj booked, long held) {
        return Json.object()
                .with(BOOKED, booked)
                .with("first", report.first())
                .with(HELD, held)
                .with("kind", "report")
                .with("last", report.first() + report.events().size() - 1)
                .build();
    }

    /// An answer at full length.
    ///
    /// @param told the item as the response has it
    /// @param instruction that it answers
    /// @return nothing if that is no answer to this instruction, or is told in another way than the ledger does
    public static Optional<Json.Obj> whole(Json.Obj response, Json.Obj told, Read instruction) {
        return isBrief(told) ? ofBrief(response, told, instruction) : ofLong(told);
    }

    private static Optional<Json.Obj> ofBrief(Json.Obj response, Json.Obj told, Read read) {
        if (!MEMBERS.containsAll(told.members().keySet())
                || !(told.find(BOOKED).orElseThrow() instanceof Json.Obj booked)
                || !(told.find(HELD).orElse(Json.whole(0)) instanceof Json.Whole(var held))
                || (told.has(HELD) && held <= 0)
                || !(read instanceof Signed signed)
                || !(signed.act() instanceof Act.Report report)
                || !(response.find(TIME).orElse(Json.Obj.EMPTY) instanceof Json.Text(var time))) {
            return Optional.empty();
        }
        return Optional.of(Json.object()
                .with("effects", Json.array(List.of(effect(report, booked, held))))
                .with("hash", signed.instruction().hex())
                .with("result", "applied")
                .with(TIME, time)
                .with("verdict", "1")
                .build());
    }

    /// What stands there at full length, unless it would have been told briefly.
    private static Optional<Json.Obj> ofLong(Json.Obj told) {
        boolean brief = told.find("effects").orElse(Json.Obj.EMPTY) instanceof Json.Arr(var effects)
                && effects.size() == 1
                && effects.getFirst() instanceof Json.Obj effect
                && effect.find("kind").equals(Optional.of(Json.text("report")));
        return brief ? Optional.empty() : Optional.of(told);
    }

    /// All answers of a response at full length.
    ///
    /// @param arguments of the transaction; of a function but `submit` whatever it takes
    /// @return nothing if they do not belong together
    public static Optional<List<Json.Obj>> answers(List<Bytes> arguments, Json.Obj response) {
        if (!(response.find("items").orElse(Json.Obj.EMPTY) instanceof Json.Arr(var items))) {
            return Optional.empty();
        }
        List<Json.Obj> answers = new ArrayList<>();
        for (int n = 0; n < items.size(); n++) {
            if (!(items.get(n) instanceof Json.Obj told)) {
                return Optional.empty();
            }
            if (isBrief(told) && n >= arguments.size()) {
                return Optional.empty();
            }
            Optional<Json.Obj> whole =
                    isBrief(told) ? ofBrief(response, told, Signed.read(arguments.get(n))) : ofLong(told);
            if (whole.isEmpty()) {
                return Optional.empty();
            }
            answers.add(whole.get());
        }
        return Optional.of(List.copyOf(answers));
    }
}
