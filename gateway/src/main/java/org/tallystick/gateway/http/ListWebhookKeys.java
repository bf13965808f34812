package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.webhook.WebhookKeys;

/// `GET /v1/webhooks/keys`: the public keys of what webhooks are told; none if nobody is told anything.
final class ListWebhookKeys implements Responder {

    private final WebhookKeys keys;

    ListWebhookKeys(WebhookKeys keys) {
        this.keys = keys;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return Future.succeededFuture(Answer.of(200, Json.object().with("keys", Json.texts(keys.publicTexts()))));
    }
}
