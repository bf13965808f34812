package org.tallystick.gateway.webhook;

import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.News;

/// News as one event of CloudEvents 1.0, in structured mode.
final class CloudEvent {

    static final String TYPE = "application/cloudevents+json";

    private CloudEvent() {}

    static Bytes of(News news, Hash ledger, boolean trial) {
        Json.Obj data = news.toJson(trial);
        return Json.object()
                .with("data", data)
                .with("datacontenttype", "application/json")
                .with("id", news.at().text().orElseThrow())
                .with("source", "urn:tallystick:ledger:" + ledger.hex())
                .with("specversion", "1.0")
                .with("subject", news.home())
                .with("time", data.object("answer").text("t"))
                .with("type", "org.tallystick." + data.text("state"))
                .build()
                .canonical();
    }
}
