package org.tallystick.ledger.verify;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.pack.PackReader;

/// A pack taken apart, so that it can be put together again with something changed and every checksum right.
final class TestPack {

    final List<String> names = new ArrayList<>();
    final List<Bytes> contents = new ArrayList<>();

    static TestPack of(byte[] bytes) {
        TestPack pack = new TestPack();
        PackReader reader = new PackReader(new ByteArrayInputStream(bytes));
        try {
            Optional<Bytes> streamed = Optional.empty();
            while (true) {
                switch (reader.next()) {
                    case PackReader.Streamed(var _, var content) ->
                        streamed = Optional.of(Bytes.copyOf(content.readAllBytes()));
                    case PackReader.Entry entry -> {
                        pack.names.add(entry.name().text());
                        pack.contents.add(entry.content().orElse(streamed.orElse(Bytes.EMPTY)));
                    }
                    case PackReader.End _ -> {
                        return pack;
                    }
                    case PackReader.NotAPack _, PackReader.Damaged _ -> throw new IllegalArgumentException();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int find(String name) {
        int found = names.indexOf(name);
        if (found < 0) {
            throw new IllegalArgumentException(name + " is not among " + names);
        }
        return found;
    }

    Bytes get(String name) {
        return contents.get(find(name));
    }

    /// The name of the nth transaction.
    String transaction(int index) {
        return names.stream().filter(name -> name.startsWith("tx/")).toList().get(index);
    }

    String lastTransaction() {
        return names.stream().filter(name -> name.startsWith("tx/")).reduce("", (_, name) -> name);
    }

    TestPack with(String name, Bytes content) {
        TestPack pack = copy();
        pack.contents.set(find(name), content);
        return pack;
    }

    TestPack without(String name) {
        TestPack pack = copy();
        int index = find(name);
        pack.names.remove(index);
        pack.contents.remove(index);
        return pack;
    }

    /// With another entry at the end.
    TestPack plus(String name, Bytes content) {
        return inserted(names.size(), name, content);
    }

    TestPack inserted(int index, String name, Bytes content) {
        TestPack pack = copy();
        pack.names.add(index, name);
        pack.contents.add(index, content);
        return pack;
    }

    TestPack renamed(int index, String name) {
        TestPack pack = copy();
        pack.names.set(index, name);
        return pack;
    }

    /// With another `pack.json`.
    TestPack cover(UnaryOperator<String> change) {
        return with(
                "pack.json", Bytes.ofUtf8(change.apply(get("pack.json").utf8().orElseThrow())));
    }

    Json.Obj cover() {
        if (JsonReader.readCanonical(get("pack.json")) instanceof JsonReader.Value(Json.Obj json)) {
            return json;
        }
        throw new IllegalStateException();
    }

    private TestPack copy() {
        TestPack pack = new TestPack();
        pack.names.addAll(names);
        pack.contents.addAll(contents);
        return pack;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder lines = new StringBuilder("tallypack/1\n");
        out.writeBytes(Bytes.ofUtf8(lines.toString()).toArray());
        for (int i = 0; i < names.size(); i++) {
            Bytes content = contents.get(i);
            String line = "entry " + names.get(i) + " " + content.size() + " " + Hash.of(content) + "\n";
            lines.append(line);
            out.writeBytes(Bytes.ofUtf8(line).toArray());
            out.writeBytes(content.toArray());
            out.write('\n');
        }
        Hash all = Hash.of(Bytes.ofUtf8(lines.toString()));
        out.writeBytes(Bytes.ofUtf8("end " + names.size() + " " + all + "\n").toArray());
        return out.toByteArray();
    }
}
