package org.tallystick.gateway.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Sentences;

/// A refusal as others see it: a problem document (RFC 9457).
///
/// @param code stable, for programs; `values` go with it, `sentence` is for people
record Problem(int status, String code, Json.Obj values, String sentence, Optional<Duration> retryAfter) {

    static Problem of(No no) {
        return new Problem(
                Status.of(no.code()),
                no.code().text(),
                no.values(),
                Sentences.of(no.code(), no.values()),
                Optional.empty());
    }

    static Problem of(Trouble trouble) {
        return of(trouble, Json.Obj.EMPTY);
    }

    static Problem of(Trouble trouble, Json.Obj values) {
        return new Problem(trouble.status(), trouble.code(), values, trouble.sentence(), trouble.retryAfter());
    }

    static Problem of(LedgerException failure) {
        return switch (failure) {
            case LedgerException.Unavailable _ -> of(Trouble.LEDGER_UNAVAILABLE);
            case LedgerException.Refused _ -> of(Trouble.LEDGER_REFUSED);
            case LedgerException.Failed failed ->
                of(
                        Trouble.LEDGER_REFUSED,
                        Json.object().with("failure", failed.code()).build());
        };
    }

    static Problem parameter(String name) {
        return of(Trouble.PARAMETER_WRONG, Json.object().with("parameter", name).build());
    }

    Json.Builder toJson() {
        return Json.object()
                .with("code", code)
                .with("detail", sentence)
                .with("status", status)
                .with("title", code.replace('_', ' '))
                .with("type", "urn:tallystick:problem:" + code)
                .with("values", values);
    }

    /// The same as one item of a list.
    Json.Obj toItem() {
        return Json.object()
                .with("code", code)
                .with("sentence", sentence)
                .with("status", status)
                .with("values", values)
                .build();
    }

    Answer toAnswer() {
        return new Answer(status, Answer.PROBLEM, new Answer.Told(toJson()), Map.of()).retryAfter(retryAfter);
    }
}
