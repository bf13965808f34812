package org.tallystick.chaincode;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.rules.Documents;

/// Remembers the documents parsed last. A version is named by the hash of its bytes, so what is remembered is what
/// would be parsed again.
final class ParsedDocuments implements Documents {

    private static final int MAX_DOCUMENTS = 200;

    private final Map<Hash, Document> parsed = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, Document> eldest) {
            return size() > MAX_DOCUMENTS;
        }
    };

    @Override
    public Document parse(Hash version, Bytes bytes) {
        synchronized (parsed) {
            return parsed.computeIfAbsent(version, _ -> Documents.PARSED.parse(version, bytes));
        }
    }
}
