package org.tallystick.ledger.verify;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Edition;
import org.tallystick.agreement.state.CloseRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// What a transaction says of a close of other rules than the verifier's: `docs/spec/pack-1.md` section 6.2.
///
/// All that it says here is as stated by the members.
///
/// @param transaction of the close, or a step of it
record OtherRules(TransactionEnvelope transaction, String agreement, String period) {

    private static final long OURS = Edition.THIS.rules();
    private static final int MOST_RULES = 999_999;
    private static final int MOST_PARTS = 1_000_000;
    /// So many keys a `cls` names that can be read; at 256 KiB each no settlement has as many.
    private static final int MOST_PAGES = 10_000;

    private static final String PERIOD = "[0-9]{4}(-Q[1-4]|-[0-9]{2})?";
    private static final String NUMBER = "[1-9][0-9]{0,9}";

    /// How other rules began the close, with nothing done yet.
    Optional<CloseRecord> began() {
        String id = Pattern.quote(agreement);
        String own = Pattern.quote(period);
        String pages = "((set|roll)/" + id + "/" + own + "|past/" + id + "/" + PERIOD + "/" + own + "/(sums|singles))/"
                + NUMBER;
        Form form = Form.object(Map.of(
                "done", Form.whole(0, 0),
                "pages", Form.ascendingTexts(Form.pattern(pages), 1, MOST_PAGES),
                "parts", Form.whole(2, MOST_PARTS),
                "rules", Form.whole(1, MOST_RULES),
                "settlement", Form.text(Hash::isHash)));
        return written(Keys.closing(agreement, period))
                .filter(form::fits)
                .map(CloseRecord.CODEC.decode())
                .filter(record -> record.rules() != OURS);
    }

    /// The version of the rules that settled the period, if it is another; as it is spelled.
    Optional<String> settled() {
        return written(Keys.settlement(agreement, period))
                .flatMap(settlement -> settlement.find("rules"))
                .flatMap(rules -> rules instanceof Json.Text(var text) ? Optional.of(text) : Optional.empty())
                .filter(rules -> !rules.equals(String.valueOf(OURS)));
    }

    /// The version that undid the close, ours or another.
    static Optional<Long> undid(Json.Obj undone) {
        return undone.find("rules").filter(Form.whole(1, MOST_RULES)::fits).map(rules -> ((Json.Whole) rules).value());
    }

    private Optional<Json.Obj> written(String key) {
        return transaction.writes().stream()
                .filter(write -> write.key().equals(key))
                .flatMap(write -> write.value().stream())
                .findFirst()
                .flatMap(OtherRules::object);
    }

    private static Optional<Json.Obj> object(Bytes value) {
        return JsonReader.readCanonical(value) instanceof JsonReader.Value(Json.Obj object)
                ? Optional.of(object)
                : Optional.empty();
    }
}
