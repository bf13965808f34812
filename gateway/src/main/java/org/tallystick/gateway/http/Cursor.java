package org.tallystick.gateway.http;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.ListStore.Question;
import org.tallystick.gateway.store.Place;
import org.tallystick.gateway.store.Position;

/// Where a list goes on, as callers hand it back: a place, and which question it belongs to.
///
/// It names no generation of the lists, so it means the same after they were made again.
final class Cursor {

    /// Octets that say which question.
    private static final int QUESTION = 8;

    private static final int SIZE = QUESTION + Long.BYTES + 3 * Integer.BYTES;

    private Cursor() {}

    /// @param list its name
    static String of(String list, Question question, Place place) {
        byte[] octets = ByteBuffer.allocate(SIZE)
                .put(named(list, question))
                .putLong(place.block())
                .putInt(place.transaction())
                .putInt(place.item())
                .putInt(place.part())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /// Nothing if it is none, or of another question.
    static Optional<Place> read(String list, Question question, String text) {
        try {
            ByteBuffer octets = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (octets.remaining() != SIZE) {
                return Optional.empty();
            }
            Place place = new Place(
                    octets.getLong(QUESTION),
                    octets.getInt(QUESTION + 8),
                    octets.getInt(QUESTION + 12),
                    octets.getInt(QUESTION + 16));
            return of(list, question, place).equals(text) ? Optional.of(place) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Whatever makes it another list, or another order.
    private static byte[] named(String list, Question question) {
        Bytes canonical = Json.object()
                .with("facets", question.facets().toJson().build())
                .with("list", list)
                .with("newest", question.newest())
                .with("since", question.since().map(Position::toJson))
                .build()
                .canonical();
        return Hash.sha256(canonical).slice(0, QUESTION).toArray();
    }
}
