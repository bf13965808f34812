package org.tallystick.gateway.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.keys.LogKeyFolder;
import org.tallystick.ledger.log.LogSigner;

/// The keys of this member that lie in its folder. Of several of a kind the one signs that the ledger names, so a key
/// is
/// changed by registering the next.
final class Signers {

    private final MemberId member;
    private final Hash ledger;
    private final List<LogKey> keys;

    private Signers(MemberId member, Hash ledger, List<LogKey> keys) {
        this.member = member;
        this.ledger = ledger;
        this.keys = List.copyOf(keys);
    }

    static Signers read(MemberId member, Hash ledger, Optional<Path> folder) throws IOException, KeyFolderException {
        return new Signers(member, ledger, folder.isEmpty() ? List.of() : new LogKeyFolder(folder.get()).keys());
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /// The key of a kind that the ledger names now, if it lies here.
    Optional<LogSigner> now(LogKey.Kind kind, Roster roster) {
        return keys.stream()
                .filter(key -> key.kind() == kind)
                .map(key -> key.signer(member, ledger))
                .filter(signer -> roster.key(member.text(), kind)
                        .filter(signer.verifierKey()::equals)
                        .isPresent())
                .findFirst();
    }
}
