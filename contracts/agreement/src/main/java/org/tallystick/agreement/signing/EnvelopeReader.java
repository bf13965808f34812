package org.tallystick.agreement.signing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// Step 1 of the checks (`instruction-1` section 5), in its order: the first fault is the answer.
///
/// Envelopes of one transaction are mostly signed with the same key, so one reader reads the header that says so once.
final class EnvelopeReader {

    static final String TYPE = "tallystick-instruction-1";

    private static final Form ANY_TEXT = Form.text(text -> true);
    private static final Form HEADER = Form.object(Map.of("alg", ANY_TEXT, "kid", ANY_TEXT, "typ", ANY_TEXT));

    /// Which part of an envelope a fault lies in, as answers name it.
    private enum Part {
        ENVELOPE("envelope"),
        HEADER("header"),
        PAYLOAD("payload"),
        SIGNATURE("signature");

        private final String text;

        Part(String text) {
            this.text = text;
        }
    }

    /// Ends the reading at the first fault; never leaves this class.
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1;

        final transient No no;

        Stop(Code code, Json.Builder values) {
            super(code.text(), null, false, false);
            this.no = No.form(code, values);
        }
    }

    /// A protected header.
    ///
    /// @param octets of its base64url, which are signed
    private record Header(Kid kid, Algorithm algorithm, Bytes octets) {}

    private final Map<String, Header> headers = new HashMap<>();
    private final Form envelopeForm;

    EnvelopeReader() {
        this(1);
    }

    /// @param least how many signatures there must be
    EnvelopeReader(int least) {
        this.envelopeForm = Form.object(Map.of(
                "payload",
                ANY_TEXT,
                "signatures",
                Form.array(
                        Form.object(Map.of("protected", ANY_TEXT, "signature", ANY_TEXT)), least, Limits.SIGNATURES)));
    }

    Read read(Bytes envelope) {
        try {
            return signed(envelope);
        } catch (Stop stop) {
            return new Answered(stop.no);
        }
    }

    private Signed signed(Bytes envelope) throws Stop {
        needSize(envelope, Limits.ENVELOPE);
        Optional<Split> split = Split.of(envelope).filter(found -> envelopeForm.fits(found.rest()));
        if (split.isPresent()) {
            return signed(
                    envelope,
                    split.get().rest(),
                    split.get().payloadText(),
                    split.get().payloadBytes());
        }
        Json json = canonical(envelope, Part.ENVELOPE);
        needForm(envelopeForm, json, Code.ENVELOPE_FORM, "");
        Json.Obj object = (Json.Obj) json;
        Bytes payloadText = Bytes.ofUtf8(object.text("payload"));
        return signed(envelope, object, payloadText, octets(payloadText, Part.PAYLOAD));
    }

    private Signed signed(Bytes envelope, Json.Obj object, Bytes payloadText, Bytes payloadBytes) throws Stop {
        List<Signature> signatures = new ArrayList<>();
        for (Json one : object.items("signatures")) {
            signatures.add(signature((Json.Obj) one, signatures.size()));
        }
        Payload payload = payload(payloadBytes);
        needOrder(signatures, payload);
        return new Signed(envelope, payload, payloadBytes, payloadText, signatures);
    }

    /// An envelope with its payload apart, which is nearly all of it: so the payload is not read as JSON text first.
    ///
    /// @param rest the envelope without its payload
    private record Split(Json.Obj rest, Bytes payloadText, Bytes payloadBytes) {

        private static final Bytes BEGIN = Bytes.ofUtf8("{\"payload\":\"");
        private static final Bytes END = Bytes.ofUtf8("\",\"signatures\":[");

        /// Nothing if it is not spelled as an envelope has to be, or its payload is not in base64url: the reason is
        /// then found where the whole is read.
        static Optional<Split> of(Bytes envelope) {
            int end = envelope.lastIndexOf(END);
            if (end < BEGIN.size() || !envelope.within(0, BEGIN.size()).equals(BEGIN)) {
                return Optional.empty();
            }
            // Nothing that is base64url ends a text, so the payload goes up to here if it is that.
            Bytes text = envelope.within(BEGIN.size(), end);
            Optional<Bytes> octets = Base64Url.decode(text);
            Bytes rest = Bytes.concat(BEGIN, envelope.within(end, envelope.size()));
            return octets.isPresent() && JsonReader.readCanonical(rest) instanceof JsonReader.Value(Json.Obj object)
                    ? Optional.of(new Split(object, text, octets.get()))
                    : Optional.empty();
        }
    }

    private Signature signature(Json.Obj json, int index) throws Stop {
        String text = json.text("protected");
        Header header = headers.get(text);
        if (header == null) {
            header = header(text, "/signatures/" + index + "/protected");
            headers.put(text, header);
        }
        Bytes octets = octets(Bytes.ofUtf8(json.text("signature")), Part.SIGNATURE);
        Optional<Code> fault = SignatureForm.fault(header.algorithm(), octets);
        if (fault.isPresent()) {
            throw new Stop(fault.get(), Json.object().with("index", index));
        }
        return new Signature(header.kid(), header.algorithm(), header.octets(), octets);
    }

    private static Header header(String text, String at) throws Stop {
        Json parsed = canonical(octets(Bytes.ofUtf8(text), Part.HEADER), Part.HEADER);
        needForm(HEADER, parsed, Code.ENVELOPE_FORM, at);
        Json.Obj header = (Json.Obj) parsed;
        if (!header.text("typ").equals(TYPE)) {
            throw new Stop(Code.TYPE_UNKNOWN, stated(header.text("typ")));
        }
        Algorithm algorithm = Algorithm.ofText(header.text("alg")).orElse(null);
        if (algorithm == null) {
            throw new Stop(Code.ALGORITHM_UNKNOWN, stated(header.text("alg")));
        }
        Kid kid = Kid.parse(header.text("kid")).orElse(null);
        if (kid == null) {
            throw new Stop(Code.ENVELOPE_FORM, Json.object().with("at", at + "/kid"));
        }
        return new Header(kid, algorithm, Bytes.ofUtf8(text));
    }

    private static Payload payload(Bytes bytes) throws Stop {
        needSize(bytes, Limits.LARGE_PAYLOAD);
        Json json = canonical(bytes, Part.PAYLOAD);
        if (!(json instanceof Json.Obj object)) {
            throw new Stop(Code.PAYLOAD_FORM, Json.object().with("at", ""));
        }
        Json version = member(object, "instruction");
        if (!version.equals(Json.text(Payload.VERSION))) {
            throw new Stop(Code.VERSION_UNKNOWN, stated(version));
        }
        if (!(member(object, "act") instanceof Json.Text(var act))) {
            throw new Stop(Code.PAYLOAD_FORM, Json.object().with("at", "/act"));
        }
        ActKind kind = ActKind.ofText(act).orElse(null);
        if (kind == null) {
            throw new Stop(Code.ACT_UNKNOWN, stated(act));
        }
        needSize(bytes, kind.payloadLimit());
        needForm(Payload.form(kind), object, Code.PAYLOAD_FORM, "");
        Payload payload = Payload.of(object);
        Optional<String> itself = payload.recoveredByItself();
        if (itself.isPresent()) {
            throw new Stop(Code.PAYLOAD_FORM, Json.object().with("at", itself.get()));
        }
        Optional<String> fault = payload.windowFault();
        if (fault.isPresent()) {
            throw new Stop(Code.WINDOW_FORM, Json.object().with("at", fault.get()));
        }
        return payload;
    }

    /// The signatures of the payload's party come first, each group in byte order of the `kid`, none twice.
    private static void needOrder(List<Signature> signatures, Payload payload) throws Stop {
        for (int i = 1; i < signatures.size(); i++) {
            Kid before = signatures.get(i - 1).kid();
            Kid here = signatures.get(i).kid();
            boolean beforeOwn = before.owner().equals(payload.party());
            boolean hereOwn = here.owner().equals(payload.party());
            boolean right = beforeOwn == hereOwn ? before.compareTo(here) < 0 : beforeOwn;
            if (!right) {
                throw new Stop(Code.SIGNATURE_ORDER, Json.object().with("index", i));
            }
        }
    }

    private static void needSize(Bytes bytes, int limit) throws Stop {
        if (bytes.size() > limit) {
            throw new Stop(Code.TOO_LARGE, Json.object().with("limit", limit).with("size", bytes.size()));
        }
    }

    private static void needForm(Form form, Json json, Code code, String below) throws Stop {
        Optional<String> fault = form.fault(json);
        if (fault.isPresent()) {
            throw new Stop(code, Json.object().with("at", shortened(below + fault.get())));
        }
    }

    private static Json member(Json.Obj payload, String name) throws Stop {
        Json member = payload.find(name).orElse(null);
        if (member == null) {
            throw new Stop(Code.PAYLOAD_FORM, Json.object().with("at", "/" + name));
        }
        return member;
    }

    private static Json canonical(Bytes bytes, Part part) throws Stop {
        return switch (JsonReader.readCanonical(bytes)) {
            case JsonReader.Value(var json) -> json;
            case JsonReader.Fault(var code, var at) -> {
                Json.Builder values = code.equals(Code.TOO_DEEP.text())
                        ? Json.object().with("limit", JsonReader.Profile.SIGNED.depth())
                        : Json.object().with("part", part.text).with("at", at);
                throw new Stop(Code.ofText(code).orElseThrow(), values);
            }
        };
    }

    private static Bytes octets(Bytes text, Part part) throws Stop {
        Bytes octets = Base64Url.decode(text).orElse(null);
        if (octets == null) {
            throw new Stop(Code.BASE64_FORM, Json.object().with("part", part.text));
        }
        return octets;
    }

    private static Json.Builder stated(Json value) {
        return value instanceof Json.Text(var text) ? stated(text) : Json.object();
    }

    private static Json.Builder stated(String text) {
        return Json.object().with("stated", shortened(text));
    }

    private static String shortened(String text) {
        return Texts.cut(text, Limits.TEXT_IN_VALUES);
    }
}
