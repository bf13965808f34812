package org.tallystick.agreement.rules;

import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.json.JsonReader;

/// Turns the bytes of an accepted document into a document again. An implementation may remember what it parsed, by
/// version: a cache saves parsing, never a read.
@FunctionalInterface
public interface Documents {

    Document parse(Hash version, Bytes bytes);

    /// Parses each time.
    Documents PARSED = (version, bytes) -> {
        if (JsonReader.readCanonical(bytes) instanceof JsonReader.Value(var json)
                && DocumentReader.read(json) instanceof DocumentReading.Accepted(var document)) {
            return document;
        }
        throw new IllegalStateException("version " + version + " is on the ledger but is no document");
    };
}
