package org.tallystick.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/// The media type that a request states for its body, without parameters.
final class MediaType {

    private MediaType() {}

    static String of(HttpServerRequest request) {
        String stated = request.getHeader("content-type");
        if (stated == null) {
            return "";
        }
        int end = stated.indexOf(';');
        return (end < 0 ? stated : stated.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
