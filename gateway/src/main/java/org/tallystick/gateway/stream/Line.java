package org.tallystick.gateway.stream;

import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.News;
import org.tallystick.gateway.store.Position;

/// News as they are told, written once for all who want them.
final class Line {

    private final News news;
    private final boolean trial;
    private volatile @Nullable Buffer event;

    Line(News news, boolean trial) {
        this.news = news;
        this.trial = trial;
    }

    Position at() {
        return news.at();
    }

    News news() {
        return news;
    }

    Json.Obj json() {
        return news.toJson(trial);
    }

    /// As an event of `text/event-stream`.
    Buffer event() {
        Buffer written = event;
        if (written == null) {
            Json.Obj json = json();
            written = event(json.text("state"), news.at(), json);
            event = written;
        }
        return written;
    }

    /// @param at where the reader is then
    static Buffer event(String type, Position at, Json.Obj data) {
        String id = at.text().map(text -> "id: " + text + "\n").orElse("");
        return Buffer.buffer(String.format(
                Locale.ROOT,
                "event: %s\n%sdata: %s\n\n",
                type,
                id,
                data.canonical().utf8().orElseThrow()));
    }
}
